"""The made marketplace as files: by the contract, in order of time, the same every time."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from risk.facts import SUBMITTED
from risk.facts.parse_columns import parse_columns
from training.facts.folder import open_folder
from training.simulate import WorldSettings, WorldSummary, simulate

Frames = Mapping[str, pd.DataFrame]
SIZE = 1500


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, WorldSummary, list[tuple[int, int]]]:
    out = tmp_path_factory.mktemp("made") / "world"
    told: list[tuple[int, int]] = []
    summary = simulate(out, refunds=SIZE, seed=11, progress=lambda *step: told.append(step))
    return out, summary, told


@pytest.fixture(scope="module")
def facts(made: tuple[Path, WorldSummary, list[tuple[int, int]]]) -> Frames:
    return {kind: pd.read_parquet(made[0] / f"{kind}.parquet") for kind in SUBMITTED}


@pytest.fixture(scope="module")
def truth(made: tuple[Path, WorldSummary, list[tuple[int, int]]]) -> pd.DataFrame:
    return pd.read_parquet(made[0].parent / "truth.parquet")


def test_every_row_of_every_file_is_good_by_the_contract(
    made: tuple[Path, WorldSummary, list[tuple[int, int]]],
) -> None:
    files = open_folder(made[0])
    assert [file.kind.name for file in files] == list(SUBMITTED)
    for file in files:
        assert file.unknown == ()
        assert set(file.known) == {f.name for f in file.kind.fields if f.name != "revision"}
        for chunk in file.chunks():
            _, problems = parse_columns(file.kind, chunk.columns, chunk.lines)
            assert problems == []


def test_keys_are_never_used_twice(facts: Frames) -> None:
    for name, kind in SUBMITTED.items():
        assert not facts[name].duplicated(list(kind.key)).any(), name


def test_every_reference_leads_somewhere(facts: Frames) -> None:
    orders = set(facts["orders"]["order_id"])
    refunds = set(facts["refunds"]["refund_id"])
    assert set(facts["refunds"]["order_id"]) <= orders
    assert set(facts["shipments"]["order_id"]) <= orders
    for name in ("evidence", "inspections", "outcomes"):
        assert set(facts[name]["refund_id"]) <= refunds, name
    lines = set(zip(facts["orders"]["order_id"], facts["orders"]["line_id"], strict=True))
    named = facts["refunds"].dropna(subset="line_id")
    assert set(zip(named["order_id"], named["line_id"], strict=True)) <= lines


def test_truth_lies_beside_the_folder_and_knows_every_request(
    made: tuple[Path, WorldSummary, list[tuple[int, int]]], facts: Frames, truth: pd.DataFrame
) -> None:
    assert not (made[0] / "truth.parquet").exists()
    assert set(truth["refund_id"]) == set(facts["refunds"]["refund_id"])
    assert (truth["positive"] == truth["truth"].isin(["fraud", "abuse"])).all()
    assert truth.loc[truth["positive"], "scheme"].notna().all()
    assert truth.loc[~truth["positive"], "cause"].notna().all()
    assert truth.loc[truth["positive"], "innocent_group"].isna().all()


def test_nothing_happens_before_what_it_follows(facts: Frames) -> None:
    orders = facts["orders"].groupby("order_id")["placed_at"].first()
    refunds = facts["refunds"].set_index("refund_id")["requested_at"]
    placed = facts["refunds"]["order_id"].map(orders)
    assert (facts["refunds"]["requested_at"] > placed).all()
    assert (facts["orders"]["account_created_at"] < facts["orders"]["placed_at"]).all()
    assert (facts["shipments"]["occurred_at"] > facts["shipments"]["order_id"].map(orders)).all()
    for name, column in (
        ("evidence", "submitted_at"),
        ("inspections", "inspected_at"),
        ("outcomes", "decided_at"),
    ):
        assert (facts[name][column] >= facts[name]["refund_id"].map(refunds)).all(), name
    taken = facts["evidence"].dropna(subset="captured_at")
    assert (taken["captured_at"] <= taken["submitted_at"]).all()


def test_outbound_parcels_are_shipped_before_they_arrive(facts: Frames) -> None:
    events = facts["shipments"].query("direction == 'outbound'")
    by = events.pivot_table(index="tracking_no", columns="status", values="occurred_at")
    both = by.dropna(subset=["shipped", "delivered"])
    assert len(both) > 1000
    assert (both["delivered"] > both["shipped"]).all()
    out = both.dropna(subset="out_for_delivery")
    assert (out["delivered"] >= out["out_for_delivery"]).all()


def test_the_export_is_cut_at_one_moment(facts: Frames) -> None:
    cut = pd.Timestamp(WorldSettings().end_ms, unit="ms", tz="UTC")
    for name, kind in SUBMITTED.items():
        known = facts[name]["known_at"].fillna(facts[name][kind.event_time])
        assert known.max() < cut, name
        assert (known >= facts[name][kind.event_time]).all(), name


def test_some_rows_are_known_late_and_most_at_once(facts: Frames) -> None:
    for name in ("shipments", "outcomes", "orders"):
        late = facts[name]["known_at"].notna().mean()
        assert 0 < late < 0.1, name


def test_what_the_outside_leaves_out_is_left_out_here_too(facts: Frames) -> None:
    gaps = {
        "orders": ("payment_instrument", "device_id", "ip", "customer_tier"),
        "shipments": ("weight_g", "line_id"),
        "refunds": ("reason_text", "claims_received", "payout_account", "respond_by", "line_id"),
        "evidence": ("captured_at", "content_hash", "asked_at"),
        "outcomes": ("selection_probability",),
    }
    for name, columns in gaps.items():
        for column in columns:
            assert 0 < facts[name][column].isna().mean() < 1, column


def test_counts_of_the_summary_are_the_counts_of_the_files(
    made: tuple[Path, WorldSummary, list[tuple[int, int]]], facts: Frames, truth: pd.DataFrame
) -> None:
    _, summary, told = made
    for name, frame in facts.items():
        assert summary.rows[name] == len(frame), name
    assert summary.requests == SIZE
    assert summary.positive == truth["positive"].sum()
    assert summary.orders == facts["orders"]["order_id"].nunique()
    assert summary.schemes == Counter(truth["scheme"].dropna())
    assert told[-1] == (SIZE, SIZE)


def test_the_same_parameters_write_the_same_world(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        simulate(tmp_path / name / "world", refunds=200, seed=seed)
    for kind in (*SUBMITTED, "truth"):
        path = "truth.parquet" if kind == "truth" else f"world/{kind}.parquet"
        first, again, other = (pq.read_table(tmp_path / name / path) for name in "abc")
        assert first.equals(again), kind
        assert not first.equals(other) or kind == "payment_disputes", kind


def test_a_world_of_several_blocks_is_one_world(tmp_path: Path) -> None:
    simulate(tmp_path / "world", refunds=4100, seed=2, orders_per_request=3)
    orders = pd.read_parquet(tmp_path / "world" / "orders.parquet")
    refunds = pd.read_parquet(tmp_path / "world" / "refunds.parquet")
    assert refunds["refund_id"].is_unique
    assert not orders.duplicated(["order_id", "line_id"]).any()
    one_customer = orders.groupby("order_id")["customer_id"].nunique()
    assert (one_customer == 1).all()
    assert len(refunds) == 4100


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"refunds": 0}, "refunds must be"),
        ({"prevalence": 1.2}, "prevalence must"),
        ({"difficulty": -0.1}, "difficulty must"),
        ({"days": 10}, "days must be"),
        ({"mix": {"bribery": 1.0}}, "schemes must be among"),
        ({"mix": {"account_ring": 0.0}}, "some weight"),
        ({"held_back": {"bribery": date(2025, 9, 1)}}, "schemes must be among"),
        ({"causes": {"unwanted": -1.0}}, "weights must not"),
        ({"causes": {"boredom": 1.0}}, "causes must be among"),
    ],
)
def test_parameters_that_make_no_world_are_refused(
    tmp_path: Path, wrong: dict[str, object], complaint: str
) -> None:
    make: Callable[..., WorldSummary] = simulate
    with pytest.raises(ValueError, match=complaint):
        make(tmp_path / "world", **wrong)
    assert not (tmp_path / "world").exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"refunds": 1},
        {"refunds": 60, "prevalence": 0.6},
        {"refunds": 60, "prevalence": 0.0},
        {"refunds": 80, "label_share": 0.0, "audit_share": 0.0},
        {"refunds": 80, "label_share": 1.0},
        {"refunds": 80, "western_share": 1.0, "days": 60},
    ],
)
def test_odd_worlds_are_worlds_too(tmp_path: Path, odd: dict[str, float]) -> None:
    make: Callable[..., WorldSummary] = simulate
    summary = make(tmp_path / "world", **odd)
    assert summary.requests == odd["refunds"]
    assert summary.positive == round(odd["refunds"] * odd.get("prevalence", 0.08))
    assert len(pd.read_parquet(tmp_path / "world" / "refunds.parquet")) == odd["refunds"]
