"""The card says what is promised, what that rests on, and how the version was judged."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from tests.training.learning_frames import FEATURES, marketplace
from training.judge.card import metrics_table, model_card
from training.judge.evaluate import Evaluation, evaluate_fitted
from training.learn.fit import FittedModel, fit
from training.learn.plan import TrainingOptions
from training.learn.promise import NO_THRESHOLD


@cache
def made() -> tuple[FittedModel, Evaluation]:
    fitted = fit(marketplace(3_000, 4), FEATURES, TrainingOptions(rounds=60, jobs=1), 0.05)
    return fitted, evaluate_fitted(fitted, FEATURES)


def test_the_card_states_the_promise_and_its_assumptions() -> None:
    fitted, evaluation = made()
    text, promised = model_card(fitted, evaluation, TrainingOptions()), fitted.about["promise"]
    assert f"a threshold of {promised['ask_above']:.3f} and 97.5% confidence" in text
    for words in ("at most 5.0% of honest", "honest requests were honest",
                  f"at most {promised['growth']:.2f} times", "1.0% of honest requests",
                  "weighted by inverse propensity"):  # fmt: skip
        assert words in text
    assert f"{fitted.about['labelled']:,} of them labelled" in text
    for line in metrics_table(evaluation):
        assert line in text
    for lane in ("standard", "no_reason"):
        assert f"| {lane} | " in text


def test_without_a_proven_threshold_the_card_promises_nothing() -> None:
    fitted, evaluation = made()
    unproven = {**fitted.about, "promise": {**fitted.about["promise"], "ask_above": NO_THRESHOLD}}
    text = model_card(replace(fitted, about=unproven), evaluation, TrainingOptions())
    assert "prove no threshold" in text
    expected = fitted.about["promise"]["expected_above"]
    assert f"Expected, and not proven: with a threshold of {expected:.3f}" in text
    assert "at most 5.0%" not in text
