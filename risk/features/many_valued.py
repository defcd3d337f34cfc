"""Keys with several values a case: its articles, parcels, pictures and couriers."""

from __future__ import annotations

from dataclasses import dataclass

from risk.features.sources import CASE_EVIDENCE
from risk.features.visibility import holds_at, known_by

MANY = 24
"""How many values of a many-valued key (the articles of an order) are read."""


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
