"""What texts say, learned from findings: out of fold by time, shared by customers, or left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from risk.features.catalog import feature
from risk.features.word_weights import FEATURE, WORDS, WordWeights
from risk.model.pyfunc import frame_probabilities, frame_rows
from tests.training.learning_frames import FEATURES, marketplace
from training.learn.fit import fit
from training.learn.plan import TrainingOptions, TrainingPlan
from training.learn.words import (
    BLOCKS,
    SHARED_BY,
    TextBuckets,
    fit_words,
    learn_words,
    words_out_of_fold,
)

OPTIONS = TrainingOptions().fast()
GUILTY, HONEST = [f"a{n:03x}" for n in range(12)], [f"b{n:03x}" for n in range(12)]
PLAIN = [f"c{n:03x}" for n in range(60)]


def spoken(seed: int, *, says: float = 0.3, requests: int = 3_000) -> pd.DataFrame:
    """A marketplace with words: those of `GUILTY` and `HONEST` likelier with their truth."""
    frame = marketplace(requests, seed)
    rng = np.random.default_rng(seed)
    texts: list[str | None] = []
    for true in frame["truth"]:
        own, other = (GUILTY, HONEST) if true else (HONEST, GUILTY)
        said = [rng.choice(own if rng.random() < 0.5 + says else other) for _ in range(3)]
        texts.append("".join(sorted({*said, *rng.choice(PLAIN, 6).tolist()})))
    frame[WORDS] = texts
    frame.loc[rng.random(requests) < 0.1, WORDS] = None
    frame[FEATURE] = np.where(frame[WORDS].notna(), 0.0, np.nan)
    return frame


def weights_of(frame: pd.DataFrame, rows: np.ndarray) -> WordWeights | None:
    return fit_words(frame, rows, TextBuckets.of(frame, rows))


def planned(frame: pd.DataFrame) -> tuple[pd.DataFrame, TrainingPlan]:
    ordered = frame.sort_values(["requested_at", "refund_id", "as_of"], ignore_index=True)
    return ordered, TrainingPlan.from_frame(ordered, OPTIONS)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return spoken(1)


def test_what_tells_weighs_and_what_tells_nothing_hardly_does(frame: pd.DataFrame) -> None:
    found = weights_of(frame, frame["y"].notna().to_numpy())
    assert found is not None
    guilty, honest, plain = (
        np.mean([found.of.get(one, 0) for one in words]) for words in (GUILTY, HONEST, PLAIN)
    )
    assert guilty > 300 > abs(plain)
    assert honest < -300


def test_a_row_is_told_only_by_what_was_known_before_its_time(frame: pd.DataFrame) -> None:
    frame, plan = planned(frame)
    values = words_out_of_fold(frame, plan.labelled)
    asked = frame["requested_at"].to_numpy()
    edge = np.quantile(asked[plan.labelled], 4 / BLOCKS)
    later = plan.labelled & (frame["label_known_at"] >= edge).to_numpy()
    turned = frame.assign(y=np.where(later, 1 - frame["y"], frame["y"]))
    again = words_out_of_fold(turned, plan.labelled)
    before = asked < edge + 1
    assert np.array_equal(values[before], again[before], equal_nan=True)
    assert not np.array_equal(values[~before], again[~before], equal_nan=True)
    told = ~np.isnan(values) & (values != 0)
    assert roc_auc_score(frame["truth"][told], values[told]) > 0.6
    assert np.isnan(values[frame[WORDS].isna().to_numpy()]).all()


def test_the_words_of_few_customers_have_no_weight(frame: pd.DataFrame) -> None:
    frame = frame.copy()
    mine = frame["y"].notna() & frame[WORDS].notna()
    own = frame.index[mine & (frame["y"] >= 0.5)][:40]
    frame.loc[own, WORDS] = "f00d" + frame.loc[own, WORDS]
    labelled = frame["y"].notna().to_numpy()
    frame.loc[own, "customer_id"] = [f"one-{n % (SHARED_BY - 1)}" for n in range(len(own))]
    few = weights_of(frame, labelled)
    frame.loc[own, "customer_id"] = [f"one-{n % SHARED_BY}" for n in range(len(own))]
    enough = weights_of(frame, labelled)
    assert few is not None
    assert "f00d" not in few.of
    assert enough is not None
    assert enough.of["f00d"] > 0


def test_words_that_tell_nothing_are_left_out() -> None:
    frame, plan = planned(spoken(2, says=0.0))
    assert learn_words(frame, plan) is None
    assert learn_words(frame, replace(plan, by_customer=True)) is None
    assert learn_words(frame.drop(columns=WORDS), plan) is None


def test_a_model_learns_them_for_the_standard_lane_alone(frame: pd.DataFrame) -> None:
    features = (*FEATURES, feature(FEATURE))
    with_words = fit(frame, features, OPTIONS, 0.05)
    bundle = with_words.bundle
    assert bundle.words is not None
    assert with_words.twin.words is not None
    assert FEATURE in bundle.lanes["standard"].features
    assert FEATURE not in bundle.lanes["no_reason"].features
    rows = frame_rows(bundle, frame)
    place = list(bundle.features).index(FEATURE)
    for row in rows[:50]:
        scored = bundle.score(row, "standard")
        assert abs(scored.base + scored.contributions.sum() - scored.raw_score) < 1e-9
    more = np.vstack([rows[0]] * 9)
    more[:, place] = np.linspace(-2, 2, 9)
    assert (np.diff(bundle.raw_scores(more, "standard")) >= -1e-9).all()


def test_they_find_what_numbers_alone_do_not() -> None:
    frame, later = spoken(3), spoken(4)
    features = (*FEATURES, feature(FEATURE))
    standard = (later["lane"] == "standard").to_numpy()
    auc = [
        roc_auc_score(later["truth"][standard], frame_probabilities(made.bundle, later)[standard])
        for made in (
            fit(known, features, OPTIONS, 0.05) for known in (frame, frame.drop(columns=WORDS))
        )
    ]
    assert auc[0] > auc[1] + 0.01
