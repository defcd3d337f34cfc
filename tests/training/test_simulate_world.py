"""What the made marketplace is like: its figures, its schemes, its labels, how hard it is."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from training.simulate import SCHEME_NAMES, WorldSettings, simulate
from training.simulate.block import World, simulate_block
from training.simulate.carriers import make_carriers
from training.simulate.column_auc import column_aucs
from training.simulate.honest_requests import CAUSE_NAMES, in_bad_batch
from training.simulate.market import make_market
from training.simulate.seasons import Calendar
from training.simulate.world import block_quotas

Frames = Mapping[str, pd.DataFrame]
NAMES = ("orders", "shipments", "refunds", "evidence", "inspections", "outcomes")
DEFECTIVE = CAUSE_NAMES.index("defective")


def read(out: Path) -> Frames:
    frames = {name: pd.read_parquet(out / f"{name}.parquet") for name in NAMES}
    truth = pd.read_parquet(out.parent / "truth.parquet").drop(columns=["requested_at", "amount"])
    frames["refunds"] = frames["refunds"].merge(truth, on="refund_id")
    return frames


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world") / "world"
    simulate(out, refunds=6000, seed=21)
    return out


@pytest.fixture(scope="module")
def world(folder: Path) -> Frames:
    return read(folder)


def test_about_ten_orders_a_request_and_the_prevalence_asked_for(world: Frames) -> None:
    assert world["orders"]["order_id"].nunique() / 6000 == pytest.approx(10, rel=0.02)
    assert world["refunds"]["positive"].mean() == pytest.approx(0.08, abs=0.001)


def test_only_abusers_ask_for_more_than_was_paid_for_a_line(world: Frames) -> None:
    asked = world["refunds"].assign(line_id=world["refunds"]["line_id"].fillna("1"))
    lines = world["orders"].drop_duplicates(["order_id", "line_id"])
    paid = lines.set_index(["order_id", "line_id"])["amount"]
    by_line = asked.groupby(["order_id", "line_id"])
    over = by_line["amount"].sum() > paid.reindex(by_line.size().index)
    assert by_line.size().max() > 1
    assert by_line["positive"].max()[over].all()
    assert over.sum() > 5


def test_reasons_come_in_the_shares_the_trade_knows(world: Frames) -> None:
    honest = world["refunds"].query("not positive and cause != 'unwanted'")["cause"]
    groups = {
        "quality": (0.45, ("defective", "damaged", "not_as_described")),
        "logistics": (0.30, ("late", "not_received")),
        "wrong or missing": (0.15, ("wrong_item", "missing_item")),
        "disputes": (0.10, ("counterfeit", "double_charge", "other")),
    }
    for share, causes in groups.values():
        assert honest.isin(causes).mean() == pytest.approx(share, abs=0.03)


def test_all_schemes_and_all_innocents_who_look_guilty_are_there(world: Frames) -> None:
    assert set(world["refunds"]["scheme"].dropna()) == set(SCHEME_NAMES)
    groups = world["refunds"]["innocent_group"].value_counts()
    wanted = ("dormitory", "locker", "household", "reseller", "defective_batch", "bad_depot",
              "newcomer", "terse_writer")  # fmt: skip
    assert groups.reindex(wanted).min() >= 20


def test_abusers_behave_well_on_most_days(world: Frames) -> None:
    customer = world["orders"].drop_duplicates("order_id").set_index("order_id")["customer_id"]
    false = world["refunds"].query("positive")
    abusers = set(false["order_id"].map(customer))
    theirs = customer[customer.isin(abusers)]
    assert len(theirs) > 2.5 * false["order_id"].nunique()
    honest = world["refunds"].query("not positive")["order_id"].map(customer)
    assert honest.isin(abusers).sum() > 0.3 * len(abusers)


def test_labels_are_few_late_biased_and_sometimes_wrong(world: Frames) -> None:
    refunds = world["refunds"].set_index("refund_id")
    found = world["outcomes"].query("decided_by != 'system' and verdict != 'undetermined'")
    looked = world["inspections"].query("condition != 'incomplete'")
    labelled = refunds.index.isin(set(found["refund_id"]) | set(looked["refund_id"]))
    assert labelled.mean() == pytest.approx(0.35, abs=0.02)
    assert labelled[refunds["positive"]].mean() > labelled[~refunds["positive"]].mean() + 0.05
    asked = found["refund_id"].map(refunds["requested_at"])
    days = (found["known_at"].fillna(found["decided_at"]) - asked).dt.total_seconds() / 86_400
    assert 7 < days.median() < 21
    assert days.quantile(0.95) > 25
    says = found["verdict"].isin(["fraud", "abuse"])
    truth = found["refund_id"].map(refunds["positive"])
    assert 0.01 < (says != truth).mean() < 0.1
    assert 0.6 < says[truth].mean() < 0.95


def test_the_audit_is_a_fair_draw_with_its_probability_on_record(world: Frames) -> None:
    audits = world["outcomes"].query("selected_by == 'random_audit'")
    assert (audits["selection_probability"] == 0.02).all()
    others = world["outcomes"].query("selected_by != 'random_audit'")
    assert others["selection_probability"].isna().all()
    early = world["refunds"]["requested_at"] < world["refunds"][
        "requested_at"
    ].max() - pd.Timedelta(days=60)
    drawn = world["refunds"]["refund_id"].isin(audits["refund_id"])[early]
    positive = world["refunds"]["positive"][early]
    assert drawn.mean() == pytest.approx(0.02, abs=0.006)
    assert drawn[positive].mean() == pytest.approx(0.02, abs=0.02)


def test_a_held_back_scheme_waits_for_its_day_and_takes_its_conduct_with_it(
    tmp_path: Path,
) -> None:
    day, name = date(2025, 12, 1), "claimed_non_receipt"
    simulate(tmp_path / "world", refunds=3000, seed=5, held_back={name: day})
    refunds = read(tmp_path / "world")["refunds"]
    begins = pd.Timestamp(day, tz="Asia/Shanghai")
    held = refunds[refunds["scheme"] == name]
    assert len(held) >= 3
    assert (held["requested_at"] >= begins).all()
    assert (refunds[refunds["conduct"] == name]["scheme"] == name).all()
    assert refunds["positive"].sum() == 240


def test_a_scheme_waits_for_the_first_of_its_conducts(tmp_path: Path) -> None:
    later = {"serial_refund_only": date(2025, 11, 1), "claimed_non_receipt": date(2025, 12, 1)}
    mix = {"account_hopping": 1.0, "wear_and_return": 1.0}
    simulate(tmp_path / "world", refunds=3000, seed=5, held_back=later, mix=mix)
    refunds = read(tmp_path / "world")["refunds"]
    hopping = refunds[refunds["scheme"] == "account_hopping"]
    begins = pd.Timestamp(later["serial_refund_only"], tz="Asia/Shanghai")
    assert (hopping["requested_at"] >= begins).all()
    assert set(hopping["conduct"]) == {"serial_refund_only"}


def test_the_mix_decides_which_schemes_there_are(tmp_path: Path) -> None:
    mix = {"wear_and_return": 3.0, "account_ring": 1.0}
    simulate(tmp_path / "world", refunds=3000, seed=5, prevalence=0.2, mix=mix)
    shares = read(tmp_path / "world")["refunds"]["scheme"].value_counts(normalize=True)
    assert set(shares.index) == set(mix)
    assert shares["wear_and_return"] == pytest.approx(0.75, abs=0.08)


def test_rings_share_some_things_and_not_others(tmp_path: Path) -> None:
    out = tmp_path / "world"
    simulate(out, refunds=1500, seed=8, prevalence=0.3, mix={"account_ring": 1.0})
    frames = read(out)
    orders = frames["orders"].drop_duplicates("order_id").drop(columns="known_at")
    rings = frames["refunds"].query("positive")[["crew", "order_id"]].merge(orders, on="order_id")
    names = ["device_id", "payment_instrument", "phone", "ip"]
    shared = pd.DataFrame(
        {
            name: rings.groupby(["crew", name])["customer_id"].nunique().groupby("crew").max() > 1
            for name in names
        }
    )
    people = rings.groupby("crew")["customer_id"].nunique()
    large = shared[people.reindex(shared.index) >= 4]
    assert len(large) > 10
    assert large.any(axis=1).mean() > 0.7
    assert large.all(axis=1).mean() < 0.6


def test_bursts_sales_days_and_nights_leave_their_mark(world: Frames) -> None:
    orders = world["orders"].drop_duplicates("order_id")
    by_day = orders["placed_at"].dt.date.value_counts()
    assert by_day[date(2025, 11, 11)] > 2 * by_day.median()
    assert by_day[date(2026, 2, 17)] < 0.7 * by_day.median()
    hours = orders["placed_at"].dt.hour.value_counts(normalize=True)
    assert hours[[20, 21]].sum() > 5 * hours[[3, 4]].sum()
    live = orders[orders["channel"] == "live"]
    busiest = live.groupby(["merchant_id", live["placed_at"].dt.floor("h")]).size().max()
    assert busiest >= 8


def test_a_defective_batch_fails_far_more_often_than_other_goods() -> None:
    settings = WorldSettings(refunds=3000, seed=4)
    made = World(settings, make_market(settings), make_carriers(settings), Calendar(settings))
    block = simulate_block(made, block_quotas(settings)[0])
    bad = in_bad_batch(block.lines, made.market)
    rows = block.requests.query("cause == @defective", local_dict={"defective": DEFECTIVE})["row"]
    failed = np.bincount(rows, minlength=len(bad)) > 0
    assert bad.sum() > 100
    assert failed[bad].mean() > 5 * failed[~bad].mean()


def test_no_single_column_tells_false_from_honest(folder: Path) -> None:
    areas = column_aucs(folder)
    assert len(areas) > 40
    name, area = next(iter(areas.items()))
    assert 0.6 < area < 0.78, name


def test_the_truth_itself_cannot_be_learned_to_the_end(world: Frames) -> None:
    """A boosted model on full truth with hindsight on counts finds much, and far from all."""
    frame, label = hindsight(world)
    early = np.arange(len(frame)) < 0.6 * len(frame)
    model = HistGradientBoostingClassifier(max_iter=120, max_leaf_nodes=12, random_state=0)
    model.fit(frame[early], label[early])
    area = roc_auc_score(label[~early], model.predict_proba(frame[~early])[:, 1])
    assert 0.7 < area < 0.95


def hindsight(world: Frames) -> tuple[pd.DataFrame, np.ndarray]:
    orders = world["orders"].drop_duplicates("order_id").set_index("order_id")
    refunds = world["refunds"].sort_values("requested_at").reset_index(drop=True)
    line = refunds["order_id"].map
    frame = pd.DataFrame(
        {
            "amount": refunds["amount"].astype(float),
            "words": refunds["reason_text"].str.len(),
            "age": (refunds["requested_at"] - line(orders["account_created_at"])).dt.days,
            "wait": (refunds["requested_at"] - line(orders["placed_at"])).dt.days,
        }
    )
    for name in ("reason_code", "type"):
        frame[name] = refunds[name].astype("category").cat.codes
    frame["category"] = line(orders["category"]).astype("category").cat.codes
    for name in ("customer_id", "device_id", "payment_instrument", "phone", "merchant_id"):
        value = line(orders[name])
        frame[f"orders of {name}"] = value.map(orders[name].value_counts())
        frame[f"requests of {name}"] = refunds.groupby(value)["order_id"].cumcount()
    for name in ("photo", "declined"):
        shown = world["evidence"].query("kind == @name")["refund_id"].value_counts()
        frame[name] = refunds["refund_id"].map(shown)
    return frame, refunds["positive"].to_numpy()


def test_difficulty_takes_the_traces_away(tmp_path: Path) -> None:
    signed: dict[float, float] = {}
    for difficulty in (0.0, 1.0):
        out = tmp_path / str(difficulty) / "world"
        simulate(out, refunds=1500, seed=9, prevalence=0.3, difficulty=difficulty,
                 mix={"claimed_non_receipt": 1.0})  # fmt: skip
        frames = read(out)
        arrived = frames["shipments"].query("status == 'delivered' and direction == 'outbound'")
        receiver = arrived.drop_duplicates("order_id").set_index("order_id")["received_by"]
        false = frames["refunds"].query("positive")
        signed[difficulty] = float((false["order_id"].map(receiver) == "customer").mean())
    assert signed[0.0] > signed[1.0] + 0.08
