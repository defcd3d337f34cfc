"""Point-in-time proved by mutation: what the contract does not show never changes a row.

Facts that are invisible to every case asked about are dropped, changed and added; no feature of the
whole catalogue may notice, nor the money of a case. The same with the cases' own outcomes, whenever
they were known.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pytest

from risk.features.catalog import catalogue
from risk.features.order_money import OrderMoney
from risk.history.store import History
from tests.money_worlds import money_history
from tests.naive_lines import first_line
from tests.naive_revisions import Fact, Facts
from tests.rendering import (
    Floats,
    by_duckdb,
    by_point,
    differences,
    empty,
    fill,
    money_by_duckdb,
    money_by_point,
)
from tests.worlds import START, Asked, Chooser, Shape, seeded, stored

SHAPE = Shape(facts=1_200, customers=10, steps=60)
MOMENT = START + 30 * SHAPE.step
CASES = 40


def visible(kind: str, fact: Fact, facts: Facts, asked: Sequence[Fact]) -> bool:
    """Whether any of the cases may see the fact at `MOMENT`, by the contract's words."""
    refunds = {refund["refund_id"] for refund in asked}
    orders = {refund["order_id"] for refund in asked}
    if fact["known_at"] < MOMENT or (kind == "refunds" and fact["refund_id"] in refunds):
        return True
    if kind == "orders" and fact["order_id"] in orders:
        head = first_line(facts["orders"], fact["order_id"])
        unknown_order = head is None or head["known_at"] >= MOMENT
        wanted = {(refund["order_id"], refund["line_id"]) for refund in asked}
        return unknown_order or (fact["order_id"], fact["line_id"]) in wanted or now(fact)
    if kind in ("shipments", "refunds"):
        return now(fact) and fact["order_id"] in orders
    if kind == "evidence" and fact["refund_id"] is None:
        return now(fact) and fact["order_id"] in orders
    return kind in ("evidence", "inspections") and now(fact) and fact["refund_id"] in refunds


def now(fact: Fact) -> bool:
    return bool(fact["known_at"] == MOMENT)


def history_of(seed: int) -> Facts:
    """Every third history is one of many requests on few orders."""
    if seed % 3:
        return stored(seeded(seed, SHAPE))
    chooser = Chooser(random.Random(seed).randrange)
    return stored(money_history(chooser, 600, SHAPE.steps, revised=0))


@cache
def world(seed: int) -> tuple[Facts, list[Fact], list[Asked]]:
    """A history, the requests asked about and the questions, which no test may change."""
    facts = history_of(seed)
    asked = random.Random(seed).sample(facts["refunds"], CASES)
    return facts, asked, [(refund["refund_id"], MOMENT, "request") for refund in asked]


@cache
def unchanged(seed: int) -> tuple[Floats, list[OrderMoney]]:
    """The features and the money that the history of a seed gives."""
    facts, _, questions = world(seed)
    return by_duckdb(facts, questions, catalogue()), money_by_duckdb(facts, questions)


def dropped(facts: Facts, asked: Sequence[Fact], _: int) -> Facts:
    return {k: [f for f in rows if visible(k, f, facts, asked)] for k, rows in facts.items()}


def added(facts: Facts, asked: Sequence[Fact], seed: int) -> Facts:
    """As many facts again, all of them too late: most about things and cases that exist."""
    later = history_of(seed + 999)
    more: Facts = {}
    for kind, rows in later.items():
        keys = {fact["fact_key"] for fact in facts[kind]}
        fresh = [{**fact, "known_at": max(fact["known_at"], MOMENT + 1)} for fact in rows]
        more[kind] = [
            fact for fact in fresh
            if fact["fact_key"] not in keys and not visible(kind, fact, facts, asked)
        ]  # fmt: skip
    return {kind: rows + more[kind] for kind, rows in facts.items()}


def changed(facts: Facts, asked: Sequence[Fact], seed: int) -> Facts:
    """Every invisible fact says something else under the same key, another moment included."""
    return added(dropped(facts, asked, seed), asked, seed)


@pytest.mark.parametrize("mutate", [dropped, added, changed])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_invisible_fact_never_changes_a_row(
    mutate: Callable[[Facts, Sequence[Fact], int], Facts], seed: int, store: History
) -> None:
    facts, asked, questions = world(seed)
    mutant = mutate(facts, asked, seed)
    moved = sum(len(rows) for rows in mutant.values()) - sum(len(rows) for rows in facts.values())
    assert abs(moved) > 50 or mutate is changed
    before, money = unchanged(seed)
    after = by_duckdb(mutant, questions, catalogue())
    assert differences(before, after, catalogue(), questions) == []
    assert seed % 3 or sum(one.granted_before > 0 for one in money) > CASES / 4
    assert money_by_duckdb(mutant, questions) == money
    fill(empty(store), mutant, seed)
    assert money_by_point(store, questions) == money
    assert (
        differences(before, by_point(store, questions, catalogue()), catalogue(), questions) == []
    )


UNREAD = ("feedback", "payment_disputes", "files", "retractions")
"""Kinds that no feature counts, or that these histories have none of."""


def test_a_visible_fact_does_change_rows() -> None:
    """Or the test above would pass on an engine that sees nothing."""
    facts, _, questions = world(1)
    before, _ = unchanged(1)
    for kind, rows in facts.items():
        if kind in ("refunds", "orders") or kind in UNREAD:
            continue
        without = {**facts, kind: [fact for fact in rows if fact["known_at"] > MOMENT]}
        assert differences(
            before, by_duckdb(without, questions, catalogue()), catalogue(), questions
        )


def test_an_outcome_of_the_same_request_never_changes_its_row(store: History) -> None:
    facts, _, _ = world(3)
    judged = sorted({o["refund_id"] for o in facts["outcomes"]} & {
        r["refund_id"] for r in facts["refunds"]})[:5]  # fmt: skip
    fill(empty(store), facts)
    for refund in judged:
        question = [(refund, MOMENT, "request")]
        before = by_point(store, question, catalogue())
        own = [o for o in facts["outcomes"] if o["refund_id"] == refund]
        other = {**facts, "outcomes": [o for o in facts["outcomes"] if o["refund_id"] != refund]}
        after = by_duckdb(other, question, catalogue())
        assert differences(before, after, catalogue(), question) == []
        assert money_by_point(store, question) == money_by_duckdb(other, question)
        assert any(o["known_at"] < MOMENT for o in own) or len(own) > 0
    assert np.isfinite(before).any()
