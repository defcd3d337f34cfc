"""Scores of a folder: each request as of its own moment, from the folder's facts alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from risk.decisions.case import audit_draw, read_one
from risk.decisions.champion import Champion
from risk.decisions.judge import judge
from risk.facts.format import iso
from risk.history.published_models import Published
from risk.history.store import History
from risk.policy import Policies, load
from tests.deciders import bundle
from tests.rendering import fill, tables
from tests.worlds import DAY, START, Shape, World, seeded, stored
from training.cases.score_folder import score_facts, write_scores
from training.progress import DECIDING, FEATURES

pytestmark = pytest.mark.whole

COLUMNS = ["refund_id", "requested_at", "probability", "tier",
           "reason_1", "reason_2", "reason_3", "reason_4"]  # fmt: skip
POLICIES = Policies(load(None))


@pytest.fixture(scope="module")
def champion() -> Champion:
    made = bundle()
    return Champion.load(Published(0, "1", made.digest, ""), made.to_bytes())


def draw(refund_id: str) -> float:
    return audit_draw(refund_id, b"key")


def scored(world: World, champion: Champion) -> pd.DataFrame:
    return score_facts(tables(world), champion, POLICIES, draw)


@pytest.fixture(scope="module")
def world() -> World:
    return stored(seeded(5, Shape(facts=600, customers=25)))


@pytest.fixture(scope="module")
def scores(world: World, champion: Champion) -> pd.DataFrame:
    return scored(world, champion)


def test_every_request_is_scored_once_in_time_order(world: World, scores: pd.DataFrame) -> None:
    asked = sorted((r["requested_at"], r["refund_id"]) for r in world["refunds"])
    assert list(scores.columns) == COLUMNS
    assert scores["refund_id"].tolist() == [refund_id for _, refund_id in asked]
    assert scores["requested_at"].tolist() == [iso(at) for at, _ in asked]
    assert scores["probability"].between(0, 1, inclusive="neither").all()
    assert set(scores["tier"]) <= {"approve", "request_evidence", "platform_intervention"}
    reasons = scores[COLUMNS[4:]]
    assert reasons["reason_1"].notna().all()
    assert (reasons.notna().mean() > 0.8).all(), "few cases have less than four to state"
    assert (reasons.nunique(axis=1) == reasons.notna().sum(axis=1)).all()


def until(world: World, moment: int, asked: set[str]) -> World:
    """What was known up to a moment, with the requests asked by then and their orders."""
    orders = {r["order_id"] for r in world["refunds"] if r["refund_id"] in asked}
    always = {
        "orders": lambda fact: fact["order_id"] in orders,
        "refunds": lambda fact: fact["refund_id"] in asked,
    }
    return {
        kind: [f for f in facts if f["known_at"] <= moment or always.get(kind, bool)(f) is True]
        for kind, facts in world.items()
    }


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_what_is_known_later_never_changes_a_score(
    world: World, scores: pd.DataFrame, champion: Champion, share: float
) -> None:
    moments = sorted(r["requested_at"] for r in world["refunds"])
    moment = moments[int(share * len(moments))]
    asked = {r["refund_id"] for r in world["refunds"] if r["requested_at"] <= moment}
    early = scored(until(world, moment, asked), champion)
    early = early[early["refund_id"].isin(asked)].reset_index(drop=True)
    wanted = scores[scores["refund_id"].isin(asked)].reset_index(drop=True)
    pd.testing.assert_frame_equal(early, wanted, check_exact=True)


@pytest.fixture(scope="module")
def store(store: History, world: World) -> History:
    """The same with a world in it."""
    fill(store, world)
    return store


def test_a_folder_is_scored_to_the_bit_as_a_store_decides(
    world: World, scores: pd.DataFrame, champion: Champion, store: History
) -> None:
    by_id = scores.set_index("refund_id")
    for refund in world["refunds"]:
        at, refund_id = refund["requested_at"], refund["refund_id"]
        with store.read() as connection:
            case = read_one(connection, champion.reader, refund_id, at, b"key")
        live = judge(case, champion, POLICIES.general)
        row = by_id.loc[refund_id]
        assert row["probability"] == live.scored.probability
        assert row["reason_1"] == live.reasons()[0]["text"]["en"]
        assert row["tier"] == live.ruling.tier


def test_a_request_whose_order_is_missing_is_scored_too(champion: Champion) -> None:
    asked = {"refund_id": "R", "order_id": "nowhere", "requested_at": START + DAY,
             "known_at": START + DAY, "amount": "80", "reason_code": "late"}  # fmt: skip
    (row,) = scored(stored({"refunds": [asked]}), champion).to_dict("records")
    assert row["refund_id"] == "R"
    assert 0 < row["probability"] < 1


def test_without_requests_there_are_no_rows_but_the_columns(champion: Champion) -> None:
    found = scored(stored({}), champion)
    assert (len(found), list(found.columns)) == (0, COLUMNS)


@pytest.mark.parametrize("name", ["scores.csv", "deep/er/scores.parquet", "scores.csv.gz"])
def test_scores_are_written_by_the_ending_of_the_file(
    scores: pd.DataFrame, tmp_path: Path, name: str
) -> None:
    out = tmp_path / name
    write_scores(scores, out)
    read = pd.read_parquet(out) if out.suffix == ".parquet" else pd.read_csv(out)
    assert list(read.columns) == COLUMNS
    assert read["refund_id"].astype(str).tolist() == scores["refund_id"].tolist()
    np.testing.assert_array_equal(read["probability"], scores["probability"])


def test_progress_is_told(world: World, champion: Champion) -> None:
    told: list[tuple[str, int, int]] = []
    score_facts(tables(world), champion, POLICIES, draw, lambda *step: told.append(step))
    assert {what for what, _, _ in told} == {FEATURES, DECIDING}
    last = {what: (done, total) for what, done, total in told}
    assert all(done == total for done, total in last.values())
