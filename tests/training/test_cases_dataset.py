"""The training set: which rows, as of which moments, in which lane, with which labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from risk.decisions.case_rows import MOMENTS
from risk.decisions.many_cases import read_many
from risk.decisions.policy_features import POLICY_FEATURES
from risk.features.backfill import backfill, offline
from risk.features.catalog import catalogue
from risk.policy import lane, load
from tests.rendering import tables
from tests.worlds import DAY, HOUR, START, Fact, Shape, World, seeded, stored
from training.cases.dataset import Dataset, build

POLICY = load(None)
FEATURES = tuple(feature for feature in catalogue() if feature.name in POLICY_FEATURES)
ASKED = START + 10 * DAY


def made(**facts: list[Fact]) -> Dataset:
    """The training set of one request on one order, with whatever else is known of it."""
    order = {"order_id": "O", "customer_id": "C", "amount": "80", "placed_at": START,
             "known_at": START, "no_reason_return": True}  # fmt: skip
    refund = {"refund_id": "R", "order_id": "O", "amount": "80", "reason_code": "late",
              "requested_at": ASKED, "known_at": ASKED}  # fmt: skip
    whole: World = {"orders": [order], "refunds": [refund], **facts}
    return build(tables(stored(whole)), FEATURES, POLICY)


def found(verdict: str = "abuse", by: str = "platform", known: int = ASKED + 9 * DAY) -> Fact:
    return {"refund_id": "R", "decided_at": known, "verdict": verdict, "decided_by": by,
            "known_at": known}  # fmt: skip


def photo(known: int, **more: Any) -> Fact:
    return {"evidence_id": f"E{known}", "refund_id": "R", "submitted_at": ASKED, "kind": "photo",
            "known_at": known, **more}  # fmt: skip


def back(known: int, **more: Any) -> Fact:
    return {"order_id": "O", "refund_id": "R", "direction": "return", "status": "shipped",
            "occurred_at": ASKED, "known_at": known, **more}  # fmt: skip


def looked(known: int) -> Fact:
    return {"refund_id": "R", "inspected_at": ASKED, "condition": "as_sent", "known_at": known}


def moments(data: Dataset) -> list[tuple[str, int]]:
    frame = data.frame
    return [(stage, (as_of - ASKED) // HOUR) for stage, as_of in
            zip(frame["stage"], frame["as_of"].tolist(), strict=True)]  # fmt: skip


def test_a_labelled_case_has_a_row_for_each_moment_of_asking() -> None:
    data = made(
        outcomes=[found()],
        evidence=[photo(ASKED + 5 * HOUR), photo(ASKED + 3 * HOUR)],
        shipments=[back(ASKED + 9 * HOUR), back(ASKED + 8 * HOUR, status="delivered")],
        inspections=[looked(ASKED + 20 * HOUR)],
    )
    assert moments(data) == [("request", 0), ("evidence", 3), ("return", 8), ("inspection", 20)]
    assert data.frame["y"].tolist() == [1.0] * 4
    assert data.frame["label_known_at"].tolist() == [ASKED + 9 * DAY] * 4


def test_a_moment_is_asked_about_once_at_the_furthest_stage_reached() -> None:
    data = made(
        outcomes=[found()],
        evidence=[photo(ASKED + 20 * HOUR)],
        shipments=[back(ASKED + 8 * HOUR)],
        inspections=[looked(ASKED + 20 * HOUR)],
    )
    assert moments(data) == [("request", 0), ("return", 8), ("inspection", 20)]
    late = made(
        outcomes=[found()],
        evidence=[photo(ASKED + 30 * HOUR)],
        inspections=[looked(ASKED + 20 * HOUR)],
    )
    assert moments(late) == [("request", 0), ("inspection", 20), ("inspection", 30)]


def test_an_unlabelled_case_has_its_request_only() -> None:
    data = made(evidence=[photo(ASKED + 3 * HOUR)], outcomes=[found("undetermined")])
    assert moments(data) == [("request", 0)]
    assert data.frame["y"].isna().all()
    assert data.frame["label_known_at"].isna().all()
    assert data.frame["selected_by"].tolist() == ["unknown"]


@pytest.mark.parametrize(
    "facts",
    [
        {"evidence": [photo(ASKED)]},
        {"evidence": [photo(ASKED + HOUR, submitted_by="merchant")]},
        {"shipments": [back(ASKED + HOUR, direction="outbound", refund_id=None)]},
        {"shipments": [back(ASKED + HOUR, refund_id="Q")]},
    ],
)
def test_what_is_no_new_moment_of_the_case_makes_no_row(facts: dict[str, list[Fact]]) -> None:
    assert moments(made(outcomes=[found()], **facts)) == [("request", 0)]


def test_rows_are_about_what_was_asked_in_major_units() -> None:
    (row,) = made().frame.to_dict("records")
    assert (row["amount"], row["currency"], row["reason_code"]) == (80.0, "CNY", "late")
    assert (row["customer_id"], row["merchant_id"], row["channel"]) == ("C", "", "")


def test_a_case_without_its_order_is_a_row_too() -> None:
    (row,) = made(orders=[], outcomes=[found()]).frame.to_dict("records")
    assert (row["customer_id"], row["y"], row["lane"]) == ("", 1.0, "standard")


@pytest.fixture(scope="module")
def world() -> World:
    return stored(seeded(8, Shape(facts=500, customers=20)))


def test_features_are_those_of_each_moment(world: World) -> None:
    data = build(tables(world), catalogue(), POLICY)
    frame = data.frame
    names = [feature.name for feature in data.features]
    assert (frame[names].dtypes == np.float64).all()
    assert frame.columns.is_unique
    asked = tables_of(frame)
    with offline(tables(world)) as db:
        again = backfill(db, asked, data.features).matrix
    np.testing.assert_array_equal(frame[names].to_numpy(), again)
    requests = frame[frame["stage"] == "request"]
    assert set(requests["refund_id"]) == {r["refund_id"] for r in world["refunds"]}
    assert requests["refund_id"].is_unique
    assert (requests["as_of"] == requests["requested_at"]).all()
    later = frame[frame["stage"] != "request"]
    assert later["y"].notna().all()
    assert (later["as_of"] > later["requested_at"]).all()


def tables_of(frame: pd.DataFrame) -> pa.Table:
    asked = frame[["refund_id", "as_of", "stage"]].assign(row_id=range(len(frame)))
    return pa.Table.from_pandas(asked, preserve_index=False)


def test_honest_cases_are_the_situations_of_rows_found_honest(world: World) -> None:
    data = build(tables(world), FEATURES, POLICY)
    honest = data.frame[data.frame["y"] < 0.5]
    assert set(data.cases) == set(honest["row"])
    for row in honest.to_dict("records"):
        case = data.cases[row["row"]]
        assert (case.requested_at, case.as_of, case.stage) == (
            row["requested_at"], row["as_of"], row["stage"],
        )  # fmt: skip
        assert case.amount == round(row["amount"] * 10_000)
        assert case.orders == row["customer_orders_365d"]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_lane_offline_is_the_lane_a_decision_takes(seed: int) -> None:
    drawn = seeded(seed, Shape(facts=2_000, customers=40, steps=60))
    for refund in drawn["refunds"]:
        refund["type"] = "return_and_refund"
    with offline(tables(stored(drawn)), threads=1) as db:
        cases = read_many(db, MOMENTS, FEATURES)
    lanes = cases.lanes(POLICY)
    assert lanes == [lane(POLICY, situation) for _, situation in cases.situations(cases.spine)]
    assert set(lanes) == {"standard", "no_reason"}
