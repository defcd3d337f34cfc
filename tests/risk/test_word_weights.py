"""Stored words: keyed, kept by tidy, deleted by forget, and read alike on every way to a vector."""

from __future__ import annotations

import math
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from risk.decisions.decide import Decider
from risk.errors import ModelRefused
from risk.features.catalog import feature
from risk.features.word_weights import FEATURE, WORDS, WordWeights
from risk.history.connection.connect import now_ms
from risk.history.schema import FACTS
from risk.history.store import History
from risk.identity import Hasher
from risk.model import Bundle, Lane, linear_calibration
from risk.model.pyfunc import frame_rows
from risk.privacy.forgetting import forget
from risk.privacy.retention import clear_free_text
from tests.deciders import DAY, body, bundle, decider, scored
from training.check.replay import replay

BUCKETS = st.integers(0, 65_535).map(lambda number: f"{number:04x}")


def naive(weights: dict[str, int], buckets: list[str]) -> float:
    return sum(weights.get(one, 0) for one in buckets) / 1_000 / math.sqrt(len(buckets))


@given(st.dictionaries(BUCKETS, st.integers(-5_000, 5_000)), st.sets(BUCKETS, max_size=64))
def test_a_text_weighs_what_its_buckets_do(weights: dict[str, int], text: set[str]) -> None:
    known = [*sorted(text), *list(weights)[:3]]
    found = WordWeights(weights).value("".join(known) or None)
    assert math.isnan(found) if not known else found == pytest.approx(naive(weights, known))
    many = WordWeights(weights).values(["".join(known) or None, None, float("nan")])
    assert np.array_equal(many, [found, math.nan, math.nan], equal_nan=True)


def test_buckets_are_keyed_and_many_words_share_one() -> None:
    one, other = Hasher(b"one"), Hasher(b"another")
    words = [f"word{n}" for n in range(400)]
    assert [one.bucket(w) for w in words] == [Hasher(b"one").bucket(w) for w in words]
    assert sum(one.bucket(w) == other.bucket(w) for w in words) < 5


def stored(history: History) -> str | None:
    with history.read() as connection:
        found: str | None = connection.execute(sa.select(FACTS["refunds"].c[WORDS])).scalar_one()
        return found


def weighing(history: History, word: str, weight: int) -> Bundle:
    """A model of the content alone."""
    rows = np.linspace(-3, 3, 400)[:, None]
    knobs = {"objective": "binary", "verbosity": -1, "num_leaves": 4, "num_threads": 1}
    trees = lightgbm.train(knobs, lightgbm.Dataset(rows, (rows[:, 0] > 0).astype(float)), 20)
    lane = Lane((FEATURE,), str(trees.model_to_string()), linear_calibration("platt", 1.0, 0.0))
    words = WordWeights({history.hasher.bucket(word): weight})
    hashes = {FEATURE: feature(FEATURE).hash}
    return Bundle(hashes, {"standard": lane, "no_reason": lane}, {"ask_above": 0.4}, {}, words)


def test_tidy_keeps_them_and_forget_deletes_them(history: History) -> None:
    made = body("a", at=now_ms() - 40 * DAY)
    scored(decider(history), made)
    before = stored(history)
    assert before
    assert history.hasher.bucket("charging") in before
    with history.write() as write:
        write.connection.execute(sa.update(FACTS["refunds"]).values(known_at=now_ms() - 39 * DAY))
    assert clear_free_text(history, 30)["refunds"] == 1
    assert stored(history) == before
    forget(history, "C-a", settle_s=0)
    assert stored(history) is None


def content_reasons(deciding: Decider, asked: dict[str, Any]) -> list[dict[str, Any]]:
    found = scored(deciding, asked)
    return [reason for reason in found["reasons"] if reason["feature"] == FEATURE]


def test_a_decision_reads_them_by_its_model_and_replays(history: History) -> None:
    for weight in (9_000, -9_000):
        deciding = decider(history, str(weight), weighing(history, "charging", weight))
        (reason,) = content_reasons(deciding, body(f"w{weight}"))
        assert reason["value"] * weight > 0
        assert reason["contribution"] * weight > 0
        assert reason["text"]["zh"].startswith("文字所述")
        assert reason["text"]["en"].startswith("What the text says")
    count, found, _ = replay(history, lambda *_: None)
    assert (count, found) == (2, [])


def test_a_frame_is_read_as_a_case_is(history: History) -> None:
    model = weighing(history, "charging", 700)
    text = history.hasher.bucket("charging") + "ffff"
    frame = pd.DataFrame({name: [0.0, 0.0] for name in model.features})
    frame[WORDS] = [text, None]
    column = frame_rows(model, frame)[:, list(model.features).index(FEATURE)]
    assert column[0] == pytest.approx(0.7 / math.sqrt(2))
    assert np.isnan(column[1])


def test_a_bundle_keeps_them_and_earlier_ones_have_none(history: History) -> None:
    model = weighing(history, "charging", 700)
    again = Bundle.load(model.to_bytes())
    assert (again.words, again.digest) == (model.words, model.digest)
    assert Bundle.load(bundle().to_bytes()).words is None
    assert b'"format":1' in bundle().to_bytes()
    assert b'"format":2' in model.to_bytes()
    with pytest.raises(ModelRefused):
        Bundle.load(model.to_bytes().replace(b":700", b":701"))
