"""Reading one case: its spine, and its measures by index look-ups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from risk.features.compile import measures_of, point_query
from risk.features.finish import finisher
from risk.features.ring import RING, RING_COLUMNS
from risk.features.sources import GROUPS, MANY
from risk.features.spec import Feature, Measure
from risk.features.streams import SPINE
from risk.history.ring import ring_of

Row = Mapping[str, Any]

_SPINE = SPINE.replace(
    "FROM asked a", "FROM (SELECT 0 AS row_id, CAST(:as_of AS BIGINT) AS as_of, "
    "CAST(:stage AS TEXT) AS stage, CAST(:refund AS TEXT) AS refund_id) a",
).format(
    orders="(SELECT f.* FROM orders f WHERE f.order_id IN "
    "(SELECT x.order_id FROM refunds x WHERE x.refund_id = :refund))",
    refunds="refunds",
)  # fmt: skip
_MANY = {
    "skus": "SELECT DISTINCT l.sku FROM orders l WHERE l.order_id = :order_id AND l.sku IS NOT NULL"
    " AND (l.line_id = :known_line OR (:known_line IS NULL AND l.known_at <= :order_seen))"
    " ORDER BY 1 LIMIT :many",
    "trackings": "SELECT DISTINCT p.tracking FROM shipments p WHERE p.order_id = :order_id"
    " AND p.tracking IS NOT NULL AND p.direction = 'return' AND p.known_at <= :as_of"
    " AND (p.refund_id IS NULL OR p.refund_id = :refund_id) ORDER BY 1 LIMIT :many",
    "photos": "SELECT DISTINCT v.photo FROM evidence v WHERE v.refund_id = :refund_id"
    " AND v.photo IS NOT NULL AND v.submitted_by = 'customer' AND v.known_at <= :as_of"
    " ORDER BY 1 LIMIT :many",
    "couriers": "SELECT DISTINCT p.courier FROM shipments p WHERE p.order_id = :order_id"
    " AND p.courier IS NOT NULL AND p.direction = 'outbound' AND p.known_at <= :as_of"
    " ORDER BY 1 LIMIT :many",
}
"""The many-valued keys of one case, as `sources.MAPPINGS` selects them for a whole spine."""


@dataclass(frozen=True)
class Reader:
    """Reads the features of one case, each by a bounded number of index look-ups."""

    features: tuple[Feature, ...]

    @cached_property
    def groups(self) -> dict[str, tuple[Measure, ...]]:
        return measures_of(self.features)

    @cached_property
    def positions(self) -> dict[Measure, int]:
        measures = (m for group in self.groups.values() for m in group)
        return {measure: i for i, measure in enumerate(measures)}

    @cached_property
    def _finish(self) -> Any:
        return finisher(self.features, self.positions)

    @cached_property
    def _starts(self) -> dict[str, int]:
        return {name: self.positions[group[0]] for name, group in self.groups.items()}

    @cached_property
    def _empty(self) -> NDArray[np.float64]:
        return np.array([[m.empty for m in self.positions]], dtype=np.float64)

    def spine(self, connection: sa.Connection, refund: str, as_of: int, stage: str) -> Row | None:
        """The request and its order as one row; None where the request is not stored."""
        found = connection.execute(
            sa.text(_SPINE), {"refund": refund, "as_of": as_of, "stage": stage}
        ).mappings()
        row = found.first()
        return None if row is None else dict(row)

    def vector(self, connection: sa.Connection, spine: Row) -> NDArray[np.float64]:
        """The case's features, shape (features,), in the catalogue's order."""
        bound = dict(spine)
        raw = self._empty.copy()
        single: list[str] = []
        for name, measures in self.groups.items():
            if name == RING:
                values = ring_of(connection, spine)
                if values is not None:
                    for measure in measures:
                        raw[0, self.positions[measure]] = values[RING_COLUMNS.index(measure.value)]
                continue
            if self._wanted(connection, name, bound):
                single.append(name)
        for name in single:
            self._look_up(connection, name, bound, raw)
        vector: NDArray[np.float64] = self._finish(raw)[0]
        return vector

    def _wanted(self, connection: sa.Connection, name: str, bound: dict[str, Any]) -> bool:
        """Whether the case has a key for this group at all; binds the values of a many-valued."""
        if name == "case":
            return True
        group = GROUPS[name]
        if not group.many:
            return any(bound.get(key) is not None for key in group.keys)
        counted = f"{group.many}_n"
        if counted not in bound:
            query = sa.text(_MANY[group.many])
            values = list(connection.execute(query, {**bound, "many": MANY}).scalars())
            bound[counted] = len(values)
            bound.update({f"{group.many}_{i}": value for i, value in enumerate(values)})
        return bool(bound[counted])

    def _look_up(
        self,
        connection: sa.Connection,
        name: str,
        bound: Mapping[str, Any],
        raw: NDArray[np.float64],
    ) -> None:
        measures = self.groups[name]
        many = GROUPS[name].many if name != "case" else ""
        values = int(bound[f"{many}_n"]) if many else 1
        row = connection.execute(_text(name, tuple(measures), values), bound).one()
        start = self._starts[name]
        raw[0, start : start + len(measures)] = [np.nan if v is None else v for v in row]


def _text(name: str, measures: Sequence[Measure], values: int) -> sa.TextClause:
    return sa.text(point_query(name, measures, values))


def latest_requests(connection: sa.Connection, most: int) -> list[str]:
    """The requests known last, oldest first."""
    query = sa.text(
        "SELECT x.refund_id FROM (SELECT r.refund_id, r.known_at FROM requests r "
        "ORDER BY r.known_at DESC, r.refund_id LIMIT :most) x ORDER BY x.known_at, x.refund_id"
    )
    return list(connection.execute(query, {"most": most}).scalars())


def frequent_asker(connection: sa.Connection) -> str:
    """The customer with the most requests, of those the one whose name comes first."""
    query = sa.text(
        "SELECT r.customer_id FROM requests r GROUP BY r.customer_id "
        "ORDER BY COUNT(*) DESC, r.customer_id LIMIT 1"
    )
    return str(connection.execute(query).scalar())
