"""The rows of a case and its moments: for one case and for many at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given

from risk.decisions.case import (
    read_one,
)
from risk.decisions.case_records import LineWeight, OwnRows, Parcel, Proof, StandingVerdict
from risk.decisions.case_rows import MOMENTS
from risk.decisions.many_cases import read_many
from risk.features.backfill import offline
from risk.features.catalog import catalogue
from risk.history.reading.point_reader import Reader
from risk.history.store import History
from tests.naive_lines import request_row
from tests.naive_moments import naive_moments
from tests.naive_money import money_of
from tests.property_examples import examples
from tests.rendering import empty, fill, tables
from tests.risk.case_spine import AS_OF
from tests.worlds import DAY, START, World, histories, stored
from training.check.replay_facts import equal_vectors

OF_THE_STORE: dict[str, Any] = {"listed": False, "queued": False, "held": False, "shared": False}
"""What only a store knows of a case."""


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
    inspected = seen("inspections", "refund_id", "known_at", "inspected_at")
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
                asked_at=e["asked_at"],
                another=another(world, refund, e, as_of),
            )
            for e in seen("evidence", "refund_id", "known_at", "evidence_id")
        ),
        tuple(naive_parcel(world, refund, p, as_of) for p in parcels),
        tuple(i["condition"] for i in inspected),
        tuple(i["inspected_by"] or "merchant" for i in inspected),
        verdict(world, refund, as_of),
        weights=line_weights(world, refund, as_of)
        if any(shows_goods(p, refund["reason_code"]) for p in parcels)
        else (),
        changed=changed(world, refund, as_of),
        lines=returned_lines(world, refund, as_of),
        inspected_at=max((i["known_at"] for i in inspected), default=None),
    )


def another(world: World, refund: dict[str, Any], item: dict[str, Any], as_of: int) -> int:
    """Whether another customer gave the picture of an item before for another article."""
    earlier = [
        f
        for f in world["evidence"]
        if item["photo"] is not None
        and f["photo"] == item["photo"]
        and f["submitted_by"] == "customer"
        and f["known_at"] < min(item["known_at"], as_of)
    ] + [f for f in first_given(world, item, as_of) if f["submitted_by"] == "customer"]
    seen = {r["refund_id"]: r for r in world["refunds"] if r["known_at"] < as_of}
    orders = [o for o in world["orders"] if o["known_at"] < as_of]
    own = request_row(refund, world["orders"])
    for first in earlier:
        asked = seen.get(first["refund_id"])
        theirs = request_row(asked, orders) if asked else None
        if theirs is None or own is None or theirs["customer_id"] == own["customer_id"]:
            continue
        shop, sku = (
            None not in (theirs[name], own[name]) and theirs[name] != own[name]
            for name in ("merchant_id", "sku")
        )
        home = theirs["address"] is not None and theirs["address"] == own["address"]
        if shop or (sku and not home):
            return 1
    return 0


def changed(world: World, refund: dict[str, Any], as_of: int) -> tuple[str, ...]:
    """What is another than the one thing that is known of a customer."""
    own = request_row(refund, world["orders"])
    if own is None:
        return ()
    before = {kind: [f for f in world[kind] if f["known_at"] < as_of] for kind in world}
    others = [
        row
        for row in (request_row(r, world["orders"]) for r in before["refunds"])
        if row and row["refund_id"] != refund["refund_id"] and row["known_at"] < as_of
    ]

    def settled(r: dict[str, Any]) -> bool:
        mine = [o for o in before["outcomes"] if o["refund_id"] == r["refund_id"]]
        return any(
            o["decided_by"] != "system"
            and (
                o["verdict"] in ("legitimate", "merchant_fault", "courier_fault")
                or (
                    o["resolution"] in ("refunded", "partly_refunded")
                    and o["verdict"] not in ("abuse", "fraud")
                )
            )
            for o in mine
        ) or any(
            c["refund_id"] == r["refund_id"]
            and (c["kind"], c["submitted_by"]) == ("chat", "customer")
            and (c["asked_at"] is not None or c["known_at"] > r["known_at"])
            for c in before["evidence"]
        )

    def aged(r: dict[str, Any]) -> bool:
        refused = any(
            o["refund_id"] == r["refund_id"]
            and (o["verdict"] in ("abuse", "fraud") or o["resolution"] in ("refused", "withdrawn"))
            for o in before["outcomes"]
        )
        return r["known_at"] < as_of - 90 * DAY and r["state"] != "withdrawn" and not refused

    rows = [
        ("payout", r["payout"], r["known_at"], settled(r) or aged(r))
        for r in others
        if r["customer_id"] == own["customer_id"]
    ] + [
        (kind, o[kind], o["known_at"], o["known_at"] < as_of - 30 * DAY or paid)
        for o in before["orders"]
        if o["customer_id"] == own["customer_id"] and o["order_id"] != refund["order_id"]
        for paid in [any(settled(r) for r in others if r["order_id"] == o["order_id"])]
        for kind in ("device", "address")
    ]
    found = set()
    for kind in ("address", "device", "payout"):
        of_kind = [row[1:] for row in rows if row[0] == kind and row[1] is not None]
        first = min((at for _, at, _ in of_kind), default=None)
        known = {value for value, at, is_known in of_kind if is_known or at == first}
        before_it = known if kind == "payout" else {value for value, _, _ in of_kind} - {own[kind]}
        if own[kind] is not None and own[kind] not in known and len(before_it) == 1:
            found.add(kind)
    moved = {"device", "address"} <= found
    return tuple(name for name, is_so in (("payout", "payout" in found), ("moved", moved)) if is_so)


def naive_parcel(
    world: World, refund: dict[str, Any], parcel: dict[str, Any], as_of: int
) -> Parcel:
    """An event of a parcel, and whether its number brought somebody else's goods back before."""
    customers = {o["order_id"]: o["customer_id"] for o in world["orders"] if o["known_at"] < as_of}
    mine = next(
        (o["customer_id"] for o in world["orders"] if o["order_id"] == refund["order_id"]), None
    )
    others = [
        b
        for b in world["shipments"]
        if parcel["direction"] == b["direction"] == "return"
        and b["tracking"] is not None
        and b["tracking"] == parcel["tracking"]
        and b["order_id"] != parcel["order_id"]
        and b["known_at"] < min(parcel["known_at"], as_of)
    ]
    used = any(customers.get(b["order_id"], mine) != mine for b in others if mine is not None)
    plain = (parcel[name] for name in Parcel._fields if name != "used_before")
    return Parcel(*plain)._replace(used_before=int(used))


def shows_goods(parcel: dict[str, Any], reason: str) -> bool:
    """Whether a parcel is compared with what the articles are and weigh."""
    weighed = parcel["weight_g"] is not None
    if parcel["direction"] == "return":
        return weighed
    packed = parcel["packed_sku"] is not None or parcel["packed_quantity"] is not None
    return reason in ("missing_item", "wrong_item") and (packed or weighed)


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


def returned_lines(
    world: World, refund: dict[str, Any], as_of: int
) -> tuple[tuple[str | None, bool | None], ...]:
    """The lines of an order of several whose goods go back as a whole, by hand."""
    if refund["line_id"] is not None or refund["type"] not in ("return_and_refund", "exchange"):
        return ()
    lines = [o for o in world["orders"] if o["order_id"] == refund["order_id"]]
    seen_at = max(as_of, min((o["known_at"] for o in lines), default=as_of))
    visible = [o for o in lines if o["known_at"] <= seen_at]
    right = {None: None, 0: False, 1: True}
    return (
        tuple(
            (o["category"], right[o["no_reason_return"]])
            for o in sorted(visible, key=lambda o: o["line_id"])
        )
        if len(visible) > 1
        else ()
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


@examples(25)
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
            assert replace(alone.own, **OF_THE_STORE) == wanted
            assert equal_vectors(alone.vector, found.vector)
            assert alone.money == found.money == money_of(facts, refund_id, as_of)
            shared = {**alone.spine, "row_id": found.spine["row_id"], "stage": "request"}
            assert shared.pop("revised") == 0
            assert shared == found.spine


def verdict(world: World, refund: dict[str, Any], as_of: int) -> StandingVerdict:
    """The finding of the highest authority, then the latest, that was known before, if any, what
    anybody paid, and whether the platform refused without having found anything."""
    rank = {"merchant": 1, "reviewer": 2, "platform": 3, "appeal": 4}
    said = [
        (rank[o["decided_by"]], o["known_at"], o["decided_at"], o["resolution"], o["verdict"])
        for o in world["outcomes"]
        if o["refund_id"] == refund["refund_id"]
        and o["decided_by"] != "system"
        and o["known_at"] < as_of
    ]
    paid = [
        refund["amount"] if o["amount"] is None else o["amount"]
        for o in world["outcomes"]
        if o["refund_id"] == refund["refund_id"] and o["known_at"] < as_of
        if o["amount"] is not None or o["resolution"] == "refunded"
    ]
    most = max(paid, default=None)
    if not said:
        return StandingVerdict(paid_back=most) if most else StandingVerdict()
    authority, *_, resolution, found = max(said, key=lambda one: one[:3])
    refused = authority > 1 and (found, resolution) == ("undetermined", "refused")
    return StandingVerdict(found, most, refused, resolution)


@examples(12)
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
