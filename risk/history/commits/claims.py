"""What a decision names and reads rows of: the things it claims, so that others about them wait.

What many cases share (merchants, articles, couriers, networks, wordings, rings) is not among them:
that is read as it was settled (`features.sources.SETTLED`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from risk.facts import ORDERS, REFUNDS, SHIPMENTS
from risk.features.sources import SHARED
from risk.history.connection.driver import Rows, runner
from risk.history.schema import FACTS

Claims = frozenset[tuple[str, Any]]
"""The claimed things: what each is, and which."""

THINGS = ("order_id", "refund_id", "customer_id", *SHARED, "tracking")
KINDS = frozenset({ORDERS.name, REFUNDS.name, SHIPMENTS.name})
"""The facts that a decision may store beside others: what evidence and inspections say is read from
more sides than a few things."""


def claims_of(columns: Mapping[str, Sequence[Any]]) -> Claims:
    """Everything that facts, by column, name."""
    named = ((t, value) for t in THINGS if t in columns for value in columns[t])
    return frozenset(one for one in named if one[1] is not None)


def lock_of(thing: tuple[str, Any]) -> int:
    """The id of a thing's lock, a negative number: other locks of the store have positive ones."""
    digest = hashlib.blake2b(repr(thing).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True) | -(1 << 63)


def _things(kind: str) -> str:
    held = FACTS[kind].c
    columns = (
        f"f.{thing}"
        if thing in held
        else f"CAST(NULL AS {'TEXT' if thing.endswith('_id') else 'BIGINT'}) AS {thing}"
        for thing in THINGS
    )
    return f"SELECT {', '.join(columns)} FROM {kind} f WHERE f.order_id = :touched_order"


_STORED = " UNION ALL ".join(map(_things, sorted(KINDS)))
_ALONE = """EXISTS (SELECT 1 FROM refunds r WHERE r.refund_id = :refund
    AND r.order_id <> :touched_order)
  OR EXISTS (SELECT 1 FROM evidence v WHERE v.refund_id = :refund)
  OR EXISTS (SELECT 1 FROM evidence v WHERE v.order_id = :touched_order)
  OR EXISTS (SELECT 1 FROM shipments s WHERE s.order_id = :touched_order
    AND s.direction = 'return' AND s.weight_g IS NOT NULL)"""
"""What a case has whose rows are read from more sides: two orders, evidence, a weighed return."""
_CASE = f"SELECT x.*, {_ALONE} AS alone FROM ({_STORED}) x"


def claims_of_order(connection: sa.Connection, order_id: str) -> Claims:
    """Everything that is stored about an order."""
    return _named(runner(connection)(_STORED, {"touched_order": order_id}))


def is_claimed(connection: sa.Connection, claims: Claims, refund_id: str, order_id: str) -> bool:
    """Whether all that a case with a stored request reads of its own is claimed."""
    rows = runner(connection)(_CASE, {"refund": refund_id, "touched_order": order_id})
    return not any(row[-1] for row in rows) and _named(rows) <= claims


def _named(rows: Rows) -> Claims:
    return frozenset(
        one for row in rows for one in zip(THINGS, row, strict=False) if one[1] is not None
    )
