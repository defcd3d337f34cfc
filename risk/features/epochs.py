"""Epochs of orders: the stretches of time between corrections, and how derived rows follow them.

Where a fact of an order is corrected or taken back, the rows derived from the order are other rows
from then on. They are derived once an epoch, by the same text, from the revisions that hold then.
Few orders were ever corrected: of all others there is one epoch, and nothing of this is computed.
"""

from __future__ import annotations

from risk.facts import KINDS
from risk.facts.revisions import FOREVER
from risk.features.derived import (
    REQUESTS,
    STREAMS,
    TOUCHES,
    contending,
    first_seen,
    first_seen_by_time,
)
from risk.features.visibility import is_bounded

JOINED = tuple(kind for kind in KINDS if any(f"{{{kind}}}" in text for text in STREAMS.values()))
"""The kinds of facts that derived rows are made of."""

_REQUESTS = f"({REQUESTS})"
_BY_ORDER = tuple(kind for kind in JOINED if "order_id" in KINDS[kind].about)


def _of_orders(kind: str, only: str) -> str:
    """The bounded facts of a kind with their orders: of a request's facts, those it ever had."""
    order = "f.order_id" if kind in _BY_ORDER else "r.order_id"
    joined = "" if kind in _BY_ORDER else " JOIN refunds r ON r.refund_id = f.refund_id"
    chosen = f" AND {order} IN ({only})" if only else ""
    return (
        f"SELECT {order} AS order_id, f.valid_from, f.valid_to FROM {kind} f{joined} "
        f"WHERE {is_bounded('f')}{chosen}"
    )


def epochs(only: str = "") -> str:
    """Every epoch of the orders that have several, as (order_id, since, until).

    `only` restricts the orders: what may follow `order_id IN`.
    """
    bounded = " UNION ALL ".join(_of_orders(kind, only) for kind in JOINED)
    return f"""SELECT c.order_id,
  COALESCE(LAG(c.until) OVER (PARTITION BY c.order_id ORDER BY c.until), 0) AS since, c.until
FROM (SELECT b.order_id, b.valid_to AS until FROM ({bounded}) b UNION
      SELECT b.order_id, b.valid_from AS until FROM ({bounded}) b WHERE b.valid_from > 0 UNION
      SELECT b.order_id, {FOREVER} AS until FROM ({bounded}) b) c"""


def whole(kind: str, only: str = "") -> str:
    """The facts of a kind in the one epoch of orders that were never corrected.

    `only` is a condition on the fact `f`.
    """
    return f"SELECT f.*, 0 AS since, {FOREVER} AS until FROM {kind} f{f' WHERE {only}' if only else ''}"


def by_epoch(kind: str) -> str:
    """The facts of a kind in each of the `epochs`, of the orders that stand there.

    `CROSS JOIN` has SQLite begin with the epochs: it never counted a temporary table.
    """
    if kind in _BY_ORDER:
        about, epoch = "order_id", "epochs"
    else:
        about = "refund_id"
        epoch = """(SELECT DISTINCT r.refund_id, 0 AS since, e.until FROM epochs e
          CROSS JOIN refunds r WHERE r.order_id = e.order_id)"""
    return (
        f"SELECT f.*, p.since, p.until FROM {epoch} p CROSS JOIN {kind} f "
        f"WHERE f.{about} = p.{about} AND f.valid_from < p.until AND f.valid_to >= p.until"
    )


def _both(kind: str) -> str:
    corrected = "SELECT e.order_id FROM epochs e"
    if kind not in _BY_ORDER:
        corrected = f"SELECT r.refund_id FROM refunds r WHERE r.order_id IN ({corrected})"
    about = "order_id" if kind in _BY_ORDER else "refund_id"
    return f"({whole(kind, f'f.{about} NOT IN ({corrected})')} UNION ALL {by_epoch(kind)})"


def derivation(*, revised: bool) -> tuple[tuple[str, str], ...]:
    """The steps that make every derived row from whole fact tables, each a name and a query.

    `revised` says whether any fact was ever corrected or taken back: without, there is one epoch.
    """
    if not revised:
        names = {kind: f"({whole(kind)})" for kind in JOINED}
        return tuple((name, text.format(**names)) for name, text in STREAMS.items())
    names = {kind: _both(kind) for kind in JOINED}
    made = [
        (
            name,
            (text if name == "requests" else text.replace(_REQUESTS, "requests")).format(**names),
        )
        for name, text in STREAMS.items()
        if name != "sightings"
    ]
    touches = TOUCHES.replace(_REQUESTS, "requests").format(**names)
    changing = f"SELECT DISTINCT kind, entity, customer_id FROM touches t WHERE {is_bounded('t')}"
    return (
        ("epochs", epochs()), *made, ("touches", touches), ("changing", changing),
        ("unsteady", f"SELECT t.* FROM touches t JOIN changing x ON {_SAME}"),
        ("contending", contending("unsteady")), ("sightings", _sightings()),
    )  # fmt: skip


_SAME = "x.kind = t.kind AND x.entity = t.entity AND x.customer_id = t.customer_id"


def _sightings() -> str:
    steady = f"SELECT t.* FROM touches t LEFT JOIN changing x ON {_SAME} WHERE x.kind IS NULL"
    return f"{first_seen(steady)} UNION ALL {first_seen_by_time('SELECT * FROM contending')}"
