"""Monotone by fact: what clears a customer never raises the risk, whatever counts it moves.

Proof that was asked for, a confirmed courier fault and a return found as sent are added to random
histories. Every number they move must be one the model is held to, and move the way that lowers it.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest

from risk.features.catalog import catalogue
from risk.history.store import History
from risk.model import Trees
from tests.naive_revisions import Fact, Facts
from tests.rendering import Floats, by_duckdb, by_point, empty, fill
from tests.worlds import HOUR, START, Asked, Chooser, Shape, questions, seeded, stored
from training.learn.boost import TrainingTable, TreeSettings, grow_trees

USUAL = ("sku_abuse_share", "sku_abuse_here_share", "category_abuse_share", "merchant_abuse_share")
"""The exceptions: what is usual of an article, a category, a shop. An honest finding about
somebody else lowers them, and a model is free in what they say."""

SHAPE = Shape(facts=900, customers=10, steps=60)
MONOTONE = np.array([feature.monotone for feature in catalogue()])
Good = Callable[[Facts, Asked, random.Random], Facts]


def proof(facts: Facts, asked: Asked, dice: random.Random) -> Facts:
    """The customer shows what was asked for, taken after the goods had come."""
    refund, as_of, _ = asked
    wait = HOUR * dice.randrange(60)
    return stored({"evidence": [{
        "evidence_id": f"new-{refund}-{as_of}", "refund_id": refund, "submitted_at": as_of,
        "kind": dice.choice(("photo", "video", "document")), "asked_at": as_of - wait,
        "captured_at": dice.choice((None, START + SHAPE.steps * SHAPE.step)),
        "content_hash": f"fresh-{refund}-{as_of}",
    }]})  # fmt: skip


def courier_fault(facts: Facts, asked: Asked, dice: random.Random) -> Facts:
    """Somebody with authority finds that the courier failed in another case."""
    _, as_of, _ = asked
    other = dice.choice([r["refund_id"] for r in facts["refunds"] if r["refund_id"] != asked[0]])
    return stored({"outcomes": [{
        "refund_id": other, "decided_at": as_of - 1 - dice.randrange(90) * HOUR,
        "verdict": "courier_fault", "decided_by": dice.choice(("merchant", "platform", "appeal")),
    }]})  # fmt: skip


def own_return_as_sent(facts: Facts, asked: Asked, dice: random.Random) -> Facts:
    """What came back in this case is found as it was sent."""
    return _as_sent(asked[0], asked[1] - dice.randrange(3))


def other_return_as_sent(facts: Facts, asked: Asked, dice: random.Random) -> Facts:
    """What came back in some case is found as it was sent."""
    refund = dice.choice([r["refund_id"] for r in facts["refunds"]])
    return _as_sent(refund, asked[1] - 1 - dice.randrange(90) * HOUR)


def _as_sent(refund: str, at: int) -> Facts:
    fact: Fact = {"refund_id": refund, "inspected_at": at, "condition": "as_sent"}
    return stored({"inspections": [fact]})


GOODS = (proof, courier_fault, own_return_as_sent, other_return_as_sent)


def plus(facts: Facts, more: Facts) -> Facts:
    added = new(facts, more)
    return {kind: rows + added[kind] for kind, rows in facts.items()}


def new(facts: Facts, more: Facts) -> Facts:
    """Those of `more` whose key is not taken: nothing is said twice with another content."""
    keys = {kind: {fact["fact_key"] for fact in rows} for kind, rows in facts.items()}
    return {
        kind: [fact for fact in rows if fact["fact_key"] not in keys[kind]]
        for kind, rows in more.items()
    }


def raising(before: Floats, after: Floats) -> list[str]:
    """Features that moved although the model is free in them, or moved the way that raises."""
    moved = ~((before == after) | (np.isnan(before) & np.isnan(after)))
    allowed = (after - before) * MONOTONE < 0
    wrong = (moved & ~allowed).any(axis=0)
    names = [f.name for f, bad in zip(catalogue(), wrong, strict=True) if bad]
    return [name for name in names if name not in USUAL]


@pytest.mark.parametrize("good", GOODS)
def test_one_good_fact_moves_only_what_it_may(good: Good, store: History) -> None:
    facts, dice = stored(seeded(7, SHAPE)), random.Random(7)
    moved = 0
    fill(empty(store), facts)
    for asked in questions(facts, Chooser(dice.randrange), 16):
        before = by_point(store, [asked], catalogue())
        more = new(facts, good(facts, asked, dice))
        fill(store, more)
        facts = {kind: rows + more.get(kind, []) for kind, rows in facts.items()}
        after = by_point(store, [asked], catalogue())
        assert raising(before, after) == []
        moved += not np.array_equal(before, after, equal_nan=True)
    assert moved > 0


@pytest.mark.parametrize("good", GOODS)
def test_many_good_facts_together_move_only_what_they_may(good: Good) -> None:
    facts, dice = stored(seeded(8, SHAPE)), random.Random(8)
    asked = questions(facts, Chooser(dice.randrange), 40)
    better = facts
    for question in asked:
        better = plus(better, good(facts, question, dice))
    before, after = (by_duckdb(world, asked, catalogue()) for world in (facts, better))
    assert raising(before, after) == []
    assert not np.array_equal(before, after, equal_nan=True)


def test_no_good_fact_raises_the_score_of_a_model_held_to_the_catalogue() -> None:
    """Even where the labels say the opposite: proof, faults and good returns among the guilty."""
    facts, dice = stored(seeded(9, SHAPE)), random.Random(9)
    asked = questions(facts, Chooser(dice.randrange), 150)
    better = facts
    for question in asked:
        better = plus(better, dice.choice(GOODS)(facts, question, dice))
    before, after = (by_duckdb(world, asked, catalogue()) for world in (facts, better))
    usual = [at for at, f in enumerate(catalogue()) if f.name in USUAL]
    after[:, usual] = before[:, usual]
    rows = np.vstack([before, after])
    guilty = np.repeat([0.1, 0.9], len(asked))
    table = TrainingTable(rows, guilty, np.ones(len(rows)))
    text = grow_trees(
        table,
        TreeSettings(MONOTONE.tolist(), {"feature_fraction": 1.0, "num_leaves": 16}, 60),
        [1, 2],
    )
    trees = Trees(text, len(catalogue()))
    scores = trees.raw_scores(rows)
    assert (scores[len(asked) :] <= scores[: len(asked)] + 1e-12).all()
    free = Trees(
        grow_trees(table, TreeSettings([0] * len(catalogue()), {}, 60), [1]), len(catalogue())
    )
    assert (np.diff(free.raw_scores(rows).reshape(2, -1), axis=0) > 0).any()
