"""The card says what is promised, what that rests on, and how the version was judged."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from learning_frames import FEATURES, marketplace

from training.judge.card import card, table
from training.judge.evaluate import Evaluation, judge_fitted
from training.learn.fit import FittedModel, fit
from training.learn.plan import TrainingOptions
from training.learn.promise import NO_THRESHOLD


@cache
def made() -> tuple[FittedModel, Evaluation]:
    fitted = fit(marketplace(3_000, 4), FEATURES, TrainingOptions(rounds=60, jobs=1), 0.05)
    return fitted, judge_fitted(fitted, FEATURES)


def test_a_promise_is_told_with_everything_it_rests_on() -> None:
    fitted, evaluation = made()
    told, promised = card(fitted, evaluation, TrainingOptions()), fitted.about["promise"]
    assert f"Asked above {promised['ask_above']:.3f}, with 95%" in told
    for words in ("at most 5.0% of honest", "what was found honest was honest",
                  f"no more than {promised['growth']:.2f} times", "1.0% of honest requests",
                  "weighted by their chance"):  # fmt: skip
        assert words in told
    assert f"{fitted.about['labelled']:,} of them looked into" in told
    for line in table(evaluation):
        assert line in told
    for lane in ("standard", "no_reason"):
        assert f"| {lane} | " in told


def test_where_nothing_is_proven_nothing_is_promised() -> None:
    fitted, evaluation = made()
    unproven = {**fitted.about, "promise": {**fitted.about["promise"], "ask_above": NO_THRESHOLD}}
    told = card(replace(fitted, about=unproven), evaluation, TrainingOptions())
    assert "prove no threshold" in told
    assert "at most 5.0%" not in told
