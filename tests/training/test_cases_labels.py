"""The label of a request against the contract's rule, said again in plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from risk.facts import DECIDERS, VERDICTS
from risk.features.backfill import offline
from tests.rendering import tables
from tests.worlds import DAY, START, Fact, World, stored
from training.cases.labels import labels

RANK = {"merchant": 1, "reviewer": 2, "platform": 3, "appeal": 4}
POSITIVE = {"fraud", "abuse"}
BAD = {"different_item", "counterfeit", "empty"}
GOOD = {"as_sent", "seller_fault"}
SILENT = {"used", "damaged_by_customer", "incomplete"}
CLAIMED = {"counterfeit": {"counterfeit"}, "wrong_item": {"different_item"},
           "missing_item": {"empty", "incomplete"}}  # fmt: skip
ORDER = {"order_id": "O", "customer_id": "C", "amount": "80", "placed_at": START,
         "known_at": START}  # fmt: skip
REFUND = {"refund_id": "R", "order_id": "O", "amount": "80", "reason_code": "late",
          "requested_at": START + DAY, "known_at": START + DAY}  # fmt: skip


def outcome(verdict: str, by: str = "merchant", at: int = 5, known: int = 0, **more: Any) -> Fact:
    """A finding `at` so many days, known `known` days after it."""
    return {"refund_id": "R", "decided_at": START + at * DAY, "verdict": verdict,
            "decided_by": by, "known_at": START + (at + known) * DAY, **more}  # fmt: skip


def inspection(condition: str, at: int = 4) -> Fact:
    return {"refund_id": "R", "inspected_at": START + at * DAY, "condition": condition,
            "known_at": START + at * DAY}  # fmt: skip


def sent(
    outcomes: Sequence[Fact] = (), inspections: Sequence[Fact] = (), *, claim: str = "late",
    **more: Any,
) -> World:  # fmt: skip
    """A request with its order and what was found of it."""
    refund = {**REFUND, "reason_code": claim}
    made = {"orders": [ORDER], "refunds": [refund], "outcomes": list(outcomes)}
    return {**made, "inspections": list(inspections), **more}


def world(*found: Sequence[Fact], **more: Any) -> World:
    """The same as it is stored."""
    return stored(sent(*found, **more))


def labelled(facts: World) -> list[dict[str, Any]]:
    with offline(tables(facts), threads=1) as db:
        rows = labels(db).to_dict("records")
        return [{str(name): value for name, value in row.items()} for row in rows]


def naive(facts: World, refund: str) -> tuple[float, int] | None:
    """The label of a request and since when it is known, by the contract's rule."""
    about = {kind: [f for f in facts[kind] if f["refund_id"] == refund]
             for kind in ("outcomes", "inspections")}  # fmt: skip
    said = [o for o in about["outcomes"] if o["decided_by"] != "system"]
    if said:
        top = max(RANK[o["decided_by"]] for o in said)
        highest = [o for o in said if RANK[o["decided_by"]] == top]
        stands = max(highest, key=lambda o: (o["known_at"], o["decided_at"]))
        if stands["verdict"] == "undetermined":
            return None
        return float(stands["verdict"] in POSITIVE), stands["known_at"]
    (request,) = [r for r in facts["refunds"] if r["refund_id"] == refund]
    confirming = CLAIMED.get(request["reason_code"], set())
    speaking = [i for i in about["inspections"] if i["condition"] in BAD | GOOD | confirming]
    if not speaking:
        return None
    last = max(speaking, key=lambda i: (i["known_at"], i["inspected_at"]))
    return float(last["condition"] in BAD - confirming), last["known_at"]


FOUND = st.builds(
    outcome, st.sampled_from(VERDICTS), st.sampled_from(DECIDERS), st.integers(2, 6),
    st.integers(0, 3),
)  # fmt: skip
LOOKED = st.builds(inspection, st.sampled_from(sorted(BAD | GOOD | SILENT)), st.integers(2, 6))
CLAIM = st.sampled_from((*CLAIMED, "late"))


CASES = st.tuples(st.lists(FOUND, max_size=5), st.lists(LOOKED, max_size=3), st.booleans(), CLAIM)
TOLD = [
    ([outcome("fraud", "platform"), outcome("undetermined", "merchant", 6)], [], True, "late"),
    ([outcome("fraud", "platform"), outcome("undetermined", "appeal", 3)], [], True, "late"),
    ([outcome("abuse", "merchant", 2, 3), outcome("legitimate", "merchant", 5)], [], True, "late"),
    ([outcome("fraud", "system")], [inspection("as_sent")], True, "late"),
    ([outcome("fraud", "reviewer")], [], False, "late"),
    ([], [inspection("incomplete"), inspection("empty", 5)], True, "missing_item"),
    ([], [inspection("different_item"), inspection("used", 5)], True, "wrong_item"),
]


@settings(max_examples=12, deadline=None)
@given(st.lists(CASES, min_size=30, max_size=60))
@example(TOLD)
def test_a_label_is_what_the_contract_says(
    cases: list[tuple[list[Fact], list[Fact], bool, str]],
) -> None:
    made: World = {"orders": [], "refunds": [], "outcomes": [], "inspections": []}
    for n, (outcomes, inspections, ordered, claim) in enumerate(cases):
        name = {"refund_id": f"R{n}"}
        made["refunds"].append({**REFUND, **name, "order_id": f"O{n}", "reason_code": claim})
        made["orders"] += [{**ORDER, "order_id": f"O{n}"}] if ordered else []
        made["outcomes"] += [{**fact, **name} for fact in outcomes]
        made["inspections"] += [{**fact, **name} for fact in inspections]
    facts = stored(made)
    found = {row["refund_id"]: (row["y"], row["label_known_at"]) for row in labelled(facts)}
    wanted = {f"R{n}": naive(facts, f"R{n}") for n in range(len(cases))}
    assert found == {name: label for name, label in wanted.items() if label is not None}


SENTENCES: list[tuple[World, list[float]]] = [
    (sent([outcome("fraud")]), [1.0]),
    (sent([outcome("courier_fault")]), [0.0]),
    (sent([outcome("fraud", "system")]), []),
    (sent([outcome("undetermined")]), []),
    (sent(), []),
    (sent([outcome("abuse", "merchant", 9), outcome("legitimate", "platform", 3)]), [0.0]),
    (sent([outcome("abuse", "reviewer", 9), outcome("legitimate", "platform", 3)]), [0.0]),
    (sent([outcome("abuse", "platform", 9), outcome("legitimate", "appeal", 3)]), [0.0]),
    (sent([outcome("abuse", "platform", 3, 5), outcome("legitimate", "platform", 4)]), [1.0]),
    (sent([outcome("abuse", "platform", 3, 2), outcome("legitimate", "platform", 5)]), [0.0]),
    (sent([outcome("abuse", "platform"), outcome("undetermined", "reviewer", 9)]), [1.0]),
    (sent([outcome("abuse", "reviewer"), outcome("undetermined", "platform", 3)]), []),
    (sent([], [inspection("empty")]), [1.0]),
    (sent([], [inspection("seller_fault")]), [0.0]),
    (sent([], [inspection("incomplete")]), []),
    (sent([], [inspection("empty"), inspection("incomplete", 9)]), [1.0]),
    (sent([], [inspection("used")]), []),
    (sent([], [inspection("damaged_by_customer")]), []),
    (sent([], [inspection("used"), inspection("as_sent", 9)]), [0.0]),
    (sent([], [inspection("as_sent"), inspection("used", 9)]), [0.0]),
    (sent([], [inspection("counterfeit")]), [1.0]),
    (sent([], [inspection("counterfeit")], claim="counterfeit"), [0.0]),
    (sent([], [inspection("different_item")], claim="counterfeit"), [1.0]),
    (sent([], [inspection("different_item")], claim="wrong_item"), [0.0]),
    (sent([], [inspection("empty")], claim="missing_item"), [0.0]),
    (sent([], [inspection("incomplete")], claim="missing_item"), [0.0]),
    (sent([outcome("fraud")], [inspection("counterfeit")], claim="counterfeit"), [1.0]),
    (sent([outcome("undetermined")], [inspection("empty")]), []),
    (sent([outcome("legitimate")], [inspection("empty", 9)]), [0.0]),
    (sent([outcome("legitimate", "system")], [inspection("empty")]), [1.0]),
]


@pytest.fixture(scope="module")
def told() -> list[list[float]]:
    """The labels of every history of `SENTENCES`, found in one database."""
    every: World = {}
    for n, (facts, _) in enumerate(SENTENCES):
        for kind, some in facts.items():
            ids = {"refund_id": f"R{n}", "order_id": f"O{n}"}
            every.setdefault(kind, []).extend(
                {**fact, **{name: ids[name] for name in ids if name in fact}} for fact in some
            )
    found: dict[str, list[float]] = {f"R{n}": [] for n in range(len(SENTENCES))}
    for row in labelled(stored(every)):
        found[row["refund_id"]].append(row["y"])
    return list(found.values())


@pytest.mark.parametrize("number", range(len(SENTENCES)))
def test_sentence_by_sentence(told: list[list[float]], number: int) -> None:
    assert told[number] == SENTENCES[number][1]


def test_a_payment_or_refusal_without_a_finding_is_no_label() -> None:
    assert labelled(world([outcome("undetermined", resolution="refused")])) == []


def test_an_outcome_of_a_request_nobody_made_is_no_row() -> None:
    assert labelled(world([outcome("fraud")], refunds=[])) == []


@pytest.mark.parametrize(
    ("outcomes", "by", "probability"),
    [
        ([outcome("fraud")], "unknown", None),
        ([outcome("fraud", selected_by="rule")], "rule", None),
        ([outcome("fraud", "platform", selected_by="complaint"),
          outcome("abuse", "merchant", 9, selected_by="rule")], "complaint", None),
        ([outcome("legitimate", "platform", 9, selected_by="complaint"),
          outcome("fraud", selected_by="random_audit", selection_probability=0.02)],
         "random_audit", 0.02),
        ([outcome("fraud", "system", selected_by="model"), outcome("fraud", "merchant", 6)],
         "unknown", None),
    ],
)  # fmt: skip
def test_why_a_request_was_looked_at(
    outcomes: list[Fact], by: str, probability: float | None
) -> None:
    (row,) = labelled(world(outcomes))
    assert row["selected_by"] == by
    assert row["selection_probability"] == probability or probability is None


def test_an_inspection_alone_was_looked_at_for_reasons_unknown() -> None:
    (row,) = labelled(world([], [inspection("empty")]))
    assert row["selected_by"] == "unknown"
