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
from risk.features.visibility import holds_at, known_by

BOUND = 400
"""How many of the latest visible rows of one entity count.

Of an entity with more findings than that, a new one takes the place of the oldest: where a return
is found as sent, the number of faults found at its shop can fall by the one that left. Looking for
faults alone would not be bounded: a shop with a hundred thousand findings may have few of them.
"""

MANY = 24
"""How many values of a many-valued key (the articles of an order) are read."""

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
}
"""The order of rows of a source known at the same instant."""

ENDED = "e.status IN ('delivered', 'lost', 'returned_to_sender')"


@dataclass(frozen=True, slots=True)
class Group:
    """A source seen from an entity.

    `keys` are columns of the spine; `many` is the name of a spine mapping with several values a
    case. `own` means the rows belong to the case itself: visible when known at `as_of` too, or at
    the later moment of the spine that `seen` names. `exact` names a column that must equal the
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
STANDS = "(e.stands_until IS NULL OR e.stands_until >= s.as_of)"
"""A finding counts while no other stands in its place: asked of the rows within the bound."""


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
            "findings", entity, (entity,), skip=f"{_OTHERS} AND {STANDS}"
        )
    return groups


def _request_groups() -> dict[str, Group]:
    groups: dict[str, Group] = {}
    for name, column in (("customer", "customer_id"), ("merchant", "merchant_id")):
        groups[f"requests@{name}"] = Group("requests", column, (column,), skip=_NOT_SELF)
        groups[f"findings@{name}"] = Group(
            "findings", column, (column,), skip=f"{_NOT_SELF} AND {STANDS}"
        )
    groups["requests@sku"] = Group("requests", "sku", many="skus", skip=_OTHERS)
    groups["own_requests@sku"] = Group(
        "requests", "sku", many="skus", skip=f"{_NOT_SELF} AND e.customer_id = s.customer_id"
    )
    groups["findings@sku"] = Group("findings", "sku", many="skus", skip=f"{_NOT_SELF} AND {STANDS}")
    return groups


GROUPS: dict[str, Group] = {
    **_request_groups(),
    **_shared_groups(),
    "orders@customer": Group(
        "orders", "customer_id", ("customer_id",), skip="e.order_id <> s.order_id"
    ),
    "orders@sku": Group("orders", "sku", many="skus", skip="e.order_id <> s.order_id"),
    "returns@customer": Group("returns", "customer_id", ("customer_id",), skip=_NOT_SELF),
    "findings@category": Group(
        "findings", "category", ("category",), skip=f"{_NOT_SELF} AND {STANDS}"
    ),
    "sightings@ip": Group("sightings", "entity", ("ip",), only="e.kind = 'ip'", skip=_OTHERS),
    "sightings@tracking": Group(
        "sightings", "entity", many="trackings", only="e.kind = 'tracking'", skip=_OTHERS
    ),
    "shipments@tracking": Group(
        "shipments",
        "tracking",
        many="trackings",
        only="e.direction = 'return'",
        skip="e.order_id <> s.order_id",
    ),
    "sightings@text": Group(
        "sightings",
        "entity",
        ("text_exact", "near_1", "near_2", "near_3"),
        only="e.kind = 'text'",
        skip=_OTHERS,
    ),
    "evidence@photo": Group("evidence", "photo", many="photos", skip=_NOT_SELF),
    "claims@courier": Group("claims", "courier", many="couriers", skip=_OTHERS),
    "shipments@courier": Group(
        "shipments", "courier", many="couriers", only=ENDED, skip="e.order_id <> s.order_id"
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


@dataclass(frozen=True, slots=True)
class ManyValued:
    """A key with several values a case: `column` of the rows `e` of a source that `of`, a column of
    rows and spine alike, makes the case's own, where `where` holds; `rows` as in `Group`."""

    source: str
    column: str
    of: str
    where: str
    rows: str = ""

    @property
    def table(self) -> str:
        """What SQL reads the rows from."""
        return self.rows or self.source


MANY_VALUED: dict[str, ManyValued] = {
    "skus": ManyValued(
        "orders",
        "sku",
        "order_id",
        "(e.line_id = s.known_line OR (s.known_line IS NULL AND e.known_at <= s.order_seen)) "
        f"AND {holds_at('e', 's.as_of')}",
    ),
    "trackings": ManyValued(
        "shipments",
        "tracking",
        "order_id",
        f"e.direction = 'return' AND {known_by('e', 's.as_of')} "
        "AND (e.refund_id IS NULL OR e.refund_id = s.refund_id)",
    ),
    "photos": ManyValued(
        "evidence",
        "photo",
        "refund_id",
        f"e.submitted_by = 'customer' AND {known_by('e', 's.as_of')}",
        CASE_EVIDENCE,
    ),
    "couriers": ManyValued(
        "shipments",
        "courier",
        "order_id",
        f"e.direction = 'outbound' AND {known_by('e', 's.as_of')}",
    ),
}
"""The many-valued keys by the name that a group's `many` gives; the least `MANY` values count."""
