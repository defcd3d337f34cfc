"""A case as the policy sees it, its rows and its moments: for one case and for many at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from naive_moments import naive_moments
from naive_money import money_of
from rendering import empty, fill, open_store, tables
from worlds import DAY, HOUR, START, World, histories, stored

from risk.decisions.case import (
    STILL_AFTER,
    Case,
    audit_draw,
    read_one,
)
from risk.decisions.case_records import LineWeight, OwnRows, Parcel, Proof, StandingVerdict
from risk.decisions.case_rows import MOMENTS
from risk.decisions.many_cases import read_many
from risk.decisions.policy_features import POLICY_FEATURES, policy_places
from risk.features.backfill import offline
from risk.features.catalog import catalogue
from risk.features.order_money import OrderMoney
from risk.history.point_reader import Reader
from risk.history.store import History
from risk.policy import Situation
from training.check.replay_facts import equal_vectors

AS_OF = START + 10 * DAY
PLACES = policy_places(POLICY_FEATURES)
SPINE: dict[str, Any] = {
    "type": "refund_only", "reason_code": "late", "amount": 990_000, "currency": None,
    "category": None, "state": "open", "sku": "S", "quantity": 1, "refund_id": "R",
    "requested_at": AS_OF - HOUR, "as_of": AS_OF, "stage": "request", "channel": "live",
    "claims_received": 1, "customer_tier": None, "no_reason_return": 0, "merchant_id": "M",
    "placed_at": START, "respond_by": None, "line_id": "1", "known_line": "1", "agitated": None,
}  # fmt: skip


def parcel(
    status: str, at: int = AS_OF - DAY, direction: str = "outbound", weight_g: int | None = None
) -> Parcel:
    return Parcel(direction, status, at, weight_g)


def case(*parcels: Any, values: dict[str, float] | None = None, **more: Any) -> Situation:
    vector = np.array([(values or {}).get(name, 0.0) for name in POLICY_FEATURES])
    return Case(SPINE, OwnRows(parcels=parcels, **more), vector, 0.7).situation(PLACES)


@pytest.mark.parametrize(
    ("parcels", "courier"),
    [
        ((), None),
        ((parcel("shipped", direction="return"),), None),
        ((parcel("shipped"),), "moving"),
        ((parcel("shipped", AS_OF - STILL_AFTER),), "moving"),
        ((parcel("shipped", AS_OF - STILL_AFTER - 1),), "still"),
        ((parcel("shipped", AS_OF - 9 * DAY), parcel("out_for_delivery")), "moving"),
        ((parcel("shipped"), parcel("lost")), "lost"),
        ((parcel("shipped"), parcel("returned_to_sender")), "returned_to_sender"),
        ((parcel("lost"), parcel("delivered")), "delivered"),
        ((parcel("shipped"), parcel("delivered", direction="return")), "moving"),
    ],
)
def test_what_the_courier_records(parcels: Any, courier: str | None) -> None:
    assert case(*parcels).courier == courier


def test_what_never_left_is_known_where_its_customer_gives_it_up() -> None:
    row = {**SPINE, "reason_code": "unwanted", "claims_received": 0}
    own = OwnRows()
    vector = np.zeros(len(POLICY_FEATURES))
    assert Case(row, own, vector, 0.7).situation(PLACES).courier == "not_shipped"
    for changed in ({"claims_received": None}, {"reason_code": "late"}, {"placed_at": None}):
        assert Case({**row, **changed}, own, vector, 0.7).situation(PLACES).courier is None
    sent = OwnRows(parcels=(parcel("shipped"),))
    assert Case(row, sent, vector, 0.7).situation(PLACES).courier == "moving"


def test_whether_a_return_has_arrived() -> None:
    assert case().return_arrived is None
    assert case(parcel("shipped", direction="return")).return_arrived is False
    arrived = (parcel("shipped", direction="return"), parcel("delivered", direction="return"))
    assert case(*arrived).return_arrived is True


def test_the_first_delivery_is_the_delivery() -> None:
    told = case(parcel("delivered", AS_OF - 5 * DAY, weight_g=900),
                parcel("delivered", AS_OF - DAY))  # fmt: skip
    assert told.delivered_at == AS_OF - 5 * DAY
    assert case(parcel("shipped")).delivered_at is None


def test_weights_are_the_heaviest_known_in_grams() -> None:
    told = case(parcel("shipped", weight_g=640_000), parcel("delivered", weight_g=650_500),
                parcel("shipped", direction="return", weight_g=0))  # fmt: skip
    assert (told.sent_weight_g, told.return_weight_g) == (650.5, 0.0)
    assert case(parcel("shipped")).sent_weight_g is None


@pytest.mark.parametrize(
    ("lines", "named", "grams"),
    [
        ((LineWeight(1, 300_000, None), LineWeight(0, 4_000_000, None)), False, 300),
        ((LineWeight(1, 300_000, None), LineWeight(1, 450_000, None)), False, 750),
        ((LineWeight(1, None, None), LineWeight(0, 4_000_000, None)), False, None),
        ((LineWeight(1, None, None), LineWeight(0, 4_000_000, None)), True, 5_000),
        ((LineWeight(1, None, 310_000), LineWeight(0, None, None)), False, 310),
        ((LineWeight(1, None, 310_000),), False, 5_000),
        ((LineWeight(1, 300_000, None), LineWeight(1, None, None)), False, 5_000),
        ((), False, 5_000),
    ],
)
def test_a_return_is_weighed_against_the_lines_asked_back(
    lines: tuple[LineWeight, ...], named: bool, grams: float | None
) -> None:
    sent = parcel("delivered", weight_g=5_000_000)._replace(line_id="1" if named else None)
    assert case(sent, parcel("shipped", direction="return"), weights=lines).sent_weight_g == grams


def test_of_several_pieces_a_part_is_weighed() -> None:
    own = OwnRows(parcels=(parcel("delivered", weight_g=5_000_000),))
    money = OrderMoney(100_0000, 20_0000, 0, 0, "CNY")
    for pieces, grams in ((5, 1_000), (1, 5_000)):
        row = {**SPINE, "quantity": pieces}
        found = Case(row, own, np.zeros(len(POLICY_FEATURES)), 0.7, money=money)
        assert found.situation(PLACES).sent_weight_g == grams


@pytest.mark.parametrize(
    ("packed", "otherwise"),
    [({}, False), ({"packed_sku": "S"}, False), ({"packed_sku": "T"}, True),
     ({"packed_quantity": 1}, False), ({"packed_quantity": 0}, True)],
)  # fmt: skip
def test_what_the_warehouse_recorded(packed: dict[str, Any], otherwise: bool) -> None:
    assert case(parcel("shipped")._replace(**packed)).packed_otherwise is otherwise


def test_what_a_merchant_filmed_after_dispatch_is_no_answer() -> None:
    left = AS_OF - 5 * DAY
    for taken, kind in ((left + DAY, "video"), (left + 3 * DAY, "unanswered"), (None, "video")):
        film = Proof("video", "merchant", captured_at=taken)
        assert case(parcel("shipped", left), evidence=(film,)).evidence == ((kind, "merchant"),)
    known = Proof("video", "merchant", shown_elsewhere=left)
    assert case(evidence=(known,)).evidence == (("unanswered", "merchant"),)
    record = Proof("photo", "merchant", captured_at=AS_OF)
    assert case(parcel("shipped", left), evidence=(record,)).evidence == (("photo", "merchant"),)


def test_a_withdrawn_request() -> None:
    vector = np.zeros(len(POLICY_FEATURES))
    withdrawn = Case({**SPINE, "state": "withdrawn"}, OwnRows(), vector, 0.7)
    assert withdrawn.situation(PLACES).withdrawn
    assert not case().withdrawn


def test_unknown_stays_unknown() -> None:
    told = case(values={"account_age_days": float("nan"), "days_since_first_order": float("nan")})
    assert told.age_days is None
    assert (told.claims_received, told.no_reason_return) == (True, False)
    assert (told.currency, told.customer_tier, told.verdict) == ("CNY", None, None)
    assert told.agitated is False
    half = {"account_age_days": float("nan"), "days_since_first_order": 12.5}
    assert case(values=half).age_days == 12.5


def test_money_asked_back_is_counted_for_the_customer_and_for_the_ring() -> None:
    told = case(values={"customer_money_asked_30d": 99.9, "ring_money_30d": 0.1})
    assert (told.customer_stake, told.ring_stake) == (999_000, 1_000_000)


def test_a_draw_is_always_the_same_and_spread_evenly() -> None:
    draws = [audit_draw(f"R-{n}", b"key") for n in range(4_000)]
    assert draws == [audit_draw(f"R-{n}", b"key") for n in range(4_000)]
    assert draws != [audit_draw(f"R-{n}", b"other") for n in range(4_000)]
    assert all(0 <= draw < 1 for draw in draws)
    tenths = [sum(i / 10 <= draw < (i + 1) / 10 for draw in draws) for i in range(10)]
    # Five standard deviations around 400.
    assert all(305 <= count <= 495 for count in tenths)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    with open_store(tmp_path_factory.mktemp("store")) as history:
        yield history


def file_of(world: World, item: dict[str, Any], as_of: int) -> dict[str, Any] | None:
    """The file of an item of evidence, where it is known."""
    mine = (f for f in world["files"] if f["evidence_id"] == item["evidence_id"])
    return next((f for f in mine if f["known_at"] <= as_of), None)


def shown_kind(world: World, item: dict[str, Any], as_of: int) -> str:
    """What an item is by its file, else by what is said of it."""
    file = file_of(world, item, as_of)
    if file is None or item["kind"] not in ("photo", "video"):
        return str(item["kind"])
    return "video" if file["media_type"] == "video/mp4" else "photo"


def first_given(world: World, item: dict[str, Any], as_of: int) -> list[dict[str, Any]]:
    """The items whose file had the picture of an item's file first."""
    file = file_of(world, item, as_of)
    picture = file["copied"] if file else None
    firsts = {
        f["evidence_id"]
        for f in world["files"]
        if f["copied"] is None and f["picture"] == picture and f["known_at"] < as_of
    }
    given = [e for e in world["evidence"] if e["evidence_id"] in firsts]
    return [e for e in given if e["known_at"] < as_of] if picture is not None else []


def first_seen(world: World, item: dict[str, Any], as_of: int) -> int | None:
    """When a customer had first given the picture of an item before."""
    earlier = [
        f["known_at"]
        for f in world["evidence"]
        if item["photo"] is not None
        and f["photo"] == item["photo"]
        and f["submitted_by"] == "customer"
        if f["known_at"] < item["known_at"]
    ] or [
        first["known_at"]
        for first in first_given(world, item, as_of)
        if first["submitted_by"] == "customer"
    ]
    return min(earlier, default=None)


def shown_elsewhere(world: World, item: dict[str, Any], order_id: str, as_of: int) -> int | None:
    """When a merchant had first given a merchant's item for another order."""
    orders = {r["refund_id"]: r["order_id"] for r in world["refunds"] if r["known_at"] < as_of}
    earlier = [
        m["known_at"]
        for m in world["evidence"]
        if item["photo"] is not None
        and m["photo"] == item["photo"]
        and m["submitted_by"] == item["submitted_by"] == "merchant"
        and m["known_at"] < min(item["known_at"], as_of)
        and (m["order_id"] or orders.get(m["refund_id"], order_id)) != order_id
    ] or [
        m["known_at"]
        for m in first_given(world, item, as_of)
        if m["submitted_by"] == item["submitted_by"] == "merchant"
        and (m["order_id"] or orders.get(m["refund_id"], order_id)) != order_id
    ]
    return min(earlier, default=None)


def naive(world: World, refund: dict[str, Any], as_of: int) -> OwnRows:
    """The own rows of a case, by the contract's words."""
    own, line = refund["refund_id"], refund["line_id"]

    def seen(kind: str, key: str, *names: str) -> list[Any]:
        mine = [f for f in world[kind] if f[key] == refund[key] and f["known_at"] <= as_of]
        if kind == "evidence":
            mine += [
                f
                for f in world[kind]
                if f["refund_id"] is None
                and f["order_id"] == refund["order_id"]
                and f["known_at"] <= as_of
            ]
        return sorted(mine, key=lambda f: tuple(f[name] for name in names))

    parcels = [
        p
        for p in seen("shipments", "order_id", "occurred_at", "fact_key")
        if (p["line_id"] is None or line is None or p["line_id"] == line)
        and (p["direction"] == "outbound" or p["refund_id"] in (None, own))
    ]
    return OwnRows(
        tuple(
            Proof(
                shown_kind(world, e, as_of),
                e["submitted_by"],
                int(e["refund_id"] is None),
                e["captured_at"],
                e["known_at"],
                first_seen(world, e, as_of),
                shown_elsewhere(world, e, refund["order_id"], as_of),
            )
            for e in seen("evidence", "refund_id", "known_at", "evidence_id")
        ),
        tuple(Parcel(*(p[name] for name in Parcel._fields)) for p in parcels),
        tuple(i["condition"] for i in seen("inspections", "refund_id", "known_at", "inspected_at")),
        verdict(world, refund, as_of),
        weights=line_weights(world, refund, as_of)
        if any(p["direction"] == "return" and p["weight_g"] is not None for p in parcels)
        else (),
    )


def line_weights(world: World, refund: dict[str, Any], as_of: int) -> tuple[LineWeight, ...]:
    """The lines of a request's order, by hand: what the catalogue says, and earlier parcels."""
    line = refund["line_id"]
    lines = [o for o in world["orders"] if o["order_id"] == refund["order_id"]]
    seen_at = max(as_of, min((o["known_at"] for o in lines), default=as_of))
    visible = [o for o in lines if o["known_at"] <= seen_at or o["line_id"] == line]
    return tuple(
        LineWeight(
            int(asked),
            o["expected_weight_g"],
            learned(world, o, as_of) if asked and o["expected_weight_g"] is None else None,
        )
        for o in sorted(visible, key=lambda o: o["line_id"])
        for asked in [line in (None, o["line_id"])]
    )


def learned(world: World, line: dict[str, Any], as_of: int) -> int | None:
    """The least that a parcel of as many of an article weighed, in the year before."""

    def alike(o: dict[str, Any]) -> bool:
        same = all(o[name] is not None and o[name] == line[name] for name in ("sku", "merchant_id"))
        return (
            same
            and (o["quantity"] or 1) == (line["quantity"] or 1)
            and o["order_id"] != line["order_id"]
            and as_of - 365 * DAY <= o["known_at"] < as_of
        )

    def alone(o: dict[str, Any], p: dict[str, Any]) -> bool:
        if p["line_id"] is not None:
            return bool(p["line_id"] == o["line_id"])
        return not any(
            y["order_id"] == o["order_id"]
            and y["line_id"] != o["line_id"]
            and y["known_at"] < as_of
            for y in world["orders"]
        )

    return min(
        (
            p["weight_g"]
            for o in world["orders"]
            if alike(o)
            for p in world["shipments"]
            if p["order_id"] == o["order_id"]
            and p["direction"] == "outbound"
            and p["weight_g"] is not None
            and p["known_at"] < as_of
            and alone(o, p)
        ),
        default=None,
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_one_case_and_many_see_what_the_contract_says(store: History, world: World) -> None:
    facts = stored(world)
    later = [START, START + 200 * DAY, START + 900 * DAY]
    fill(empty(store), facts)
    moments = " UNION ".join(
        f"SELECT r.refund_id, {at} AS as_of, 'request' AS stage FROM refunds r"
        for at in ("r.requested_at", *later)
    )
    with offline(tables(facts), threads=1) as db:
        many = list(read_many(db, moments, catalogue()[:1]))
    assert len(many) >= len(facts["refunds"])
    by_id = {refund["refund_id"]: refund for refund in facts["refunds"]}
    reader = Reader(catalogue()[:1])
    with store.read() as connection:
        for found in many:
            refund_id, as_of = found.spine["refund_id"], found.spine["as_of"]
            wanted = naive(facts, by_id[refund_id], as_of)
            assert found.own == wanted
            alone = read_one(connection, reader, refund_id, as_of, b"key")
            assert replace(alone.own, listed=False, queued=False) == wanted
            assert equal_vectors(alone.vector, found.vector)
            assert alone.money == found.money == money_of(facts, refund_id, as_of)
            shared = {**alone.spine, "row_id": found.spine["row_id"], "stage": "request"}
            assert shared.pop("revised") == 0
            assert shared == found.spine


def verdict(world: World, refund: dict[str, Any], as_of: int) -> StandingVerdict | None:
    """The finding of the highest authority, then the latest, that was known before."""
    rank = {"merchant": 1, "reviewer": 2, "platform": 3, "appeal": 4}
    said = [
        (rank[o["decided_by"]], o["known_at"], o["decided_at"], o["verdict"])
        for o in world["outcomes"]
        if o["refund_id"] == refund["refund_id"]
        and o["decided_by"] != "system"
        and o["known_at"] < as_of
    ]
    if not said:
        return None
    paid = [
        refund["amount"] if o["amount"] is None else o["amount"]
        for o in world["outcomes"]
        if o["refund_id"] == refund["refund_id"] and o["known_at"] < as_of
        if o["amount"] is not None or o["resolution"] == "refunded"
    ]
    return StandingVerdict(max(said)[-1], max(paid, default=None))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(60))
def test_the_moments_are_the_same_by_hand_and_on_the_embedded_engines(
    store: History, world: World
) -> None:
    facts = stored(world)
    fill(empty(store), facts)
    wanted = naive_moments(facts)
    with offline(tables(facts), threads=1) as db:
        assert sorted(db.sql(MOMENTS).fetchall()) == wanted
    with store.read() as connection:
        found = connection.exec_driver_sql(MOMENTS).all()
    assert sorted(tuple(row) for row in found) == wanted


def test_what_comes_with_the_request_is_no_moment_of_its_own() -> None:
    photo = {"evidence_id": "E", "refund_id": "R", "submitted_at": AS_OF, "kind": "photo",
             "known_at": AS_OF}  # fmt: skip
    asked = {"refund_id": "R", "order_id": "O", "requested_at": AS_OF, "known_at": AS_OF,
             "amount": "80", "reason_code": "late"}  # fmt: skip
    facts = stored({"refunds": [asked], "evidence": [photo]})
    with offline(tables(facts), threads=1) as db:
        assert db.sql(MOMENTS).fetchall() == [("R", AS_OF, "request")]
    assert naive_moments(facts) == [("R", AS_OF, "request")]
