"""The decision log by page, newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import orjson
import sqlalchemy as sa

from risk.history.connection.page_rows import Page, PageOf
from risk.history.schema import latest, requests
from risk.history.schema.schema_cases import cases
from risk.history.schema.schema_decisions import decisions

Order = Literal["newest", "amount"]


@dataclass(frozen=True, slots=True)
class LoggedDecision:
    """A Decision of the log, when it was made (ms), and what it is about.

    `amount` is in 1/10,000 of the major unit; `customer_id` and `reason_code` are None where they
    are not known. `is_open` says that a person is still to find its case out: whoever reads on does
    not see tier and score before.
    """

    at: int
    decision_id: str
    body: dict[str, Any]
    is_open: bool = False
    customer_id: str | None = None
    reason_code: str | None = None
    amount: int | None = None
    currency: str | None = None


def latest_decisions(
    connection: sa.Connection, wanted: PageOf, tier: str | None = None, order: Order = "newest"
) -> Page[LoggedDecision]:
    """A page of decisions, the newest or those over the largest amount first; by tier without those
    whose case is open."""
    d, r = decisions.c, requests.c
    amount = sa.func.coalesce(r.amount, -1).label("sorted")
    own = sa.and_(r.refund_id == d.refund_id, latest(requests))
    query = (
        sa.select(
            d.decided_at, d.decision_id, d.body, r.customer_id, r.reason_code, r.amount, r.currency,
            sa.func.coalesce(cases.c.state == "open", sa.false()).label("is_open"), amount,
        )
        .join_from(decisions, requests, own, isouter=True)
        .join(cases, cases.c.refund_id == d.refund_id, isouter=True)
    )  # fmt: skip
    if tier:
        closed = sa.or_(cases.c.state.is_(None), cases.c.state != "open")
        query = query.where(d.tier == tier, closed)
    at = amount if order == "amount" else d.decided_at
    return wanted.read(connection, query, at, d.decision_id, _logged)


def latest_bodies(connection: sa.Connection, most: int) -> list[dict[str, Any]]:
    """The latest decisions as they were answered, the newest first."""
    query = sa.select(decisions.c.body).order_by(decisions.c.decided_at.desc()).limit(most)
    return [orjson.loads(body) for body in connection.execute(query).scalars()]


def latest_tiers(connection: sa.Connection, refund_ids: Collection[str]) -> dict[str, str]:
    """What was decided last of each of these requests, where anything was."""
    d = decisions.c
    query = sa.select(d.refund_id, d.tier).where(d.refund_id.in_(refund_ids))
    rows = connection.execute(query.order_by(d.as_of, d.decision_id))
    return {row.refund_id: row.tier for row in rows}


def _logged(row: Any) -> LoggedDecision:
    return LoggedDecision(
        int(row.decided_at),
        row.decision_id,
        orjson.loads(row.body),
        bool(row.is_open),
        row.customer_id,
        row.reason_code,
        row.amount,
        row.currency,
    )
