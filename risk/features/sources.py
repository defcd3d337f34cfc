"""What features are counted over: the sources, and the groups (a source seen from an entity).

A group says which rows of a source concern a case: those whose `match` column equals one of the
spine's `keys`. At most the latest `BOUND` rows visible at `as_of` count, ties broken by the
source's own order, so that a hub costs no more than anybody; the bound is part of the definition.
"""

from __future__ import annotations

from dataclasses import dataclass

from risk.facts import KINDS
from risk.facts.columns import STORED
from risk.features.file_sources import OF_FILES

BOUND = 400
"""How many of the latest visible rows of one entity count.

Of an entity with more findings than that, a new one takes the place of the oldest: where a return
is found as sent, the number of faults found at its shop can fall by the one that left. Looking for
faults alone would not be bounded: a shop with a hundred thousand findings may have few of them.
"""

SHARED = ("address", "door", "payment", "device", "phone", "payout")
"""Entities that several customers may touch."""

TIES = {
    **dict.fromkeys(KINDS, ("fact_key",)),
    "requests": ("refund_id",),
    "findings": ("refund_id", "authority"),
    "claims": ("refund_id",),
    "returns": ("refund_id", "inspected_at"),
    "sightings": ("customer_id",),
    "case_files": ("fact_key",),
    "copies": ("fact_key",),
    "reuses": ("fact_key",),
}
"""The order of rows of a source known at the same instant."""

ENDED = "e.status IN ('delivered', 'lost', 'returned_to_sender')"


@dataclass(frozen=True, slots=True)
class Group:
    """A source seen from an entity.

    `keys` are columns of the spine; `many` is the name of a spine mapping with several values a
    case. `own` means the rows belong to the case itself: visible when known at `as_of` too. `seen`
    names another moment of the spine: the later one of the case's own order, or `settled`, before
    which what many cases share is visible. `exact` names a column that must equal the
    spine's own too, so that at most one row is meant and no bound is needed.
    `only` restricts the source; `skip` takes rows out after the bound (the case's own request).
    `rows` is what is read in place of the source's table: its rows with a column to match by;
    `facts` are the tables that these are made of.
    """

    source: str
    match: str
    keys: tuple[str, ...] = ()
    many: str = ""
    own: bool = False
    seen: str = "as_of"
    exact: str = ""
    only: str = ""
    skip: str = ""
    rows: str = ""
    facts: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """What SQL reads the rows from."""
        return self.rows or self.source

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables whose corrections concern the rows."""
        return self.facts or (self.source,)


def of_order(row: str) -> str:
    """SQL: whether a row of evidence was recorded of an order, before any request.

    Not `IS NULL`: SQLite would search such rows of all orders before those of the order.
    """
    return f"COALESCE({row}.refund_id, '') = ''"


_OF_EVIDENCE = ", ".join(
    f"v.{column.name}"
    for column in STORED["evidence"]
    if column.name not in ("refund_id", "content", "revision", "valid_from", "valid_to")
)
_HELD_FROM = "CASE WHEN v.valid_from > r.valid_from THEN v.valid_from ELSE r.valid_from END"
_HELD_TO = "CASE WHEN v.valid_to < r.valid_to THEN v.valid_to ELSE r.valid_to END"
CASE_EVIDENCE = f"""(SELECT v.refund_id, {_OF_EVIDENCE}, v.valid_from, v.valid_to FROM evidence v
    WHERE v.refund_id IS NOT NULL
  UNION ALL
  SELECT r.refund_id, {_OF_EVIDENCE}, {_HELD_FROM} AS valid_from, {_HELD_TO} AS valid_to
    FROM refunds r JOIN evidence v ON v.order_id = r.order_id
    WHERE {of_order("v")} AND {_HELD_FROM} < {_HELD_TO})"""
"""Evidence by the request it is about; what was recorded of an order is about all its requests,
for as long as they are about that order."""

_NOT_SELF = "e.refund_id <> s.refund_id"
_OTHERS = "e.customer_id <> s.customer_id"
_OTHER_ORDER = "e.order_id <> s.order_id"
SETTLED = "settled"
"""The moment before which rows of what many cases share are visible: decisions about one merchant,
article, courier or network do not wait for each other, as those about one customer or door do."""


def stands(seen: str = "as_of") -> str:
    """SQL: a finding counts while no other stands in its place; asked of the rows within the bound."""
    return f"(e.stands_until IS NULL OR e.stands_until >= s.{seen})"


def _shared_groups() -> dict[str, Group]:
    groups: dict[str, Group] = {}
    for entity in SHARED:
        groups[f"sightings@{entity}"] = Group(
            "sightings", "entity", (entity,), only=f"e.kind = '{entity}'"
        )
        groups[f"arrival@{entity}"] = Group(
            "sightings", "entity", (entity,), only=f"e.kind = '{entity}'", exact="customer_id"
        )
        groups[f"requests@{entity}"] = Group("requests", entity, (entity,), skip=_OTHERS)
        groups[f"findings@{entity}"] = Group(
            "findings", entity, (entity,), skip=f"{_OTHERS} AND {stands()}"
        )
    return groups


def _request_groups() -> dict[str, Group]:
    groups: dict[str, Group] = {}
    for name, column, seen in (
        ("customer", "customer_id", "as_of"), ("merchant", "merchant_id", SETTLED),
    ):  # fmt: skip
        groups[f"requests@{name}"] = Group("requests", column, (column,), seen=seen, skip=_NOT_SELF)
        groups[f"findings@{name}"] = Group(
            "findings", column, (column,), seen=seen, skip=f"{_NOT_SELF} AND {stands(seen)}"
        )
    groups["other_requests@customer"] = Group(
        "requests", "customer_id", ("customer_id",), skip=_OTHER_ORDER
    )
    groups["other_findings@customer"] = Group(
        "findings", "customer_id", ("customer_id",), skip=f"{_OTHER_ORDER} AND {stands()}"
    )
    groups["requests@sku"] = Group("requests", "sku", many="skus", seen=SETTLED, skip=_OTHERS)
    groups["own_requests@sku"] = Group(
        "requests",
        "sku",
        many="skus",
        seen=SETTLED,
        skip=f"{_NOT_SELF} AND e.customer_id = s.customer_id",
    )
    groups["findings@sku"] = Group(
        "findings", "sku", many="skus", seen=SETTLED, skip=f"{_NOT_SELF} AND {stands(SETTLED)}"
    )
    return groups


GROUPS: dict[str, Group] = {
    **_request_groups(),
    **_shared_groups(),
    "orders@customer": Group("orders", "customer_id", ("customer_id",), skip=_OTHER_ORDER),
    "orders@sku": Group("orders", "sku", many="skus", seen=SETTLED, skip=_OTHER_ORDER),
    "returns@customer": Group("returns", "customer_id", ("customer_id",), skip=_NOT_SELF),
    "findings@category": Group(
        "findings",
        "category",
        ("category",),
        seen=SETTLED,
        skip=f"{_NOT_SELF} AND {stands(SETTLED)}",
    ),
    "sightings@ip": Group(
        "sightings", "entity", ("ip",), seen=SETTLED, only="e.kind = 'ip'", skip=_OTHERS
    ),
    "sightings@tracking": Group(
        "sightings", "entity", many="trackings", only="e.kind = 'tracking'", skip=_OTHERS
    ),
    "shipments@tracking": Group(
        "shipments",
        "tracking",
        many="trackings",
        only="e.direction = 'return'",
        skip=_OTHER_ORDER,
    ),
    "sightings@text": Group(
        "sightings",
        "entity",
        ("text_exact", "near_1", "near_2", "near_3"),
        seen=SETTLED,
        only="e.kind = 'text'",
        skip=_OTHERS,
    ),
    "evidence@photo": Group("evidence", "photo", many="photos", skip=_NOT_SELF),
    "claims@courier": Group("claims", "courier", many="couriers", seen=SETTLED, skip=_OTHERS),
    "shipments@courier": Group(
        "shipments",
        "courier",
        many="couriers",
        seen=SETTLED,
        only=ENDED,
        skip=_OTHER_ORDER,
    ),
    "requests@order": Group("refunds", "order_id", ("order_id",), own=True, skip=_NOT_SELF),
    "lines@order": Group("orders", "order_id", ("order_id",), own=True, seen="order_seen"),
    "parcels@order": Group("shipments", "order_id", ("order_id",), own=True),
    "evidence@case": Group(
        "evidence",
        "refund_id",
        ("refund_id",),
        own=True,
        only="e.kind <> 'unanswered'",
        rows=CASE_EVIDENCE,
        facts=("evidence", "refunds"),
    ),
    **{
        f"{name}@case": Group(source, "refund_id", ("refund_id",), own=True, rows=rows, facts=facts)
        for name, source, rows, facts in OF_FILES
    },
    "inspections@case": Group("inspections", "refund_id", ("refund_id",), own=True),
}
