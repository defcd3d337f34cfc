"""The rows of findings that are not stored yet."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from risk.cases.acts.review_finding import ReviewFinding
from risk.facts.parse import parse_money
from risk.history.connection.connect import Write
from risk.history.connection.driver import Row
from risk.history.schema.schema_cases import cases, pending_findings

_STOOD = "decision_id"


@dataclass(frozen=True, slots=True)
class PendingFinding:
    """A finding that is stored at `due_at` (ms) unless `who` undoes it; `decision_id` is what stood
    when it was made, `currency` that of its amount."""

    refund_id: str
    who: str
    due_at: int
    finding: ReviewFinding
    decision_id: str | None = None
    currency: str = "CNY"

    @property
    def amount(self) -> int | None:
        """What it pays (1/10,000), where it names an amount."""
        return parse_money(self.finding.amount) if self.finding.amount else None


def add_pending(write: Write, row: Row, who: str, finding: ReviewFinding, wait_ms: int) -> None:
    """Keep a finding of a case, by its row, for so long."""
    body = {**asdict(finding), _STOOD: row["decision_id"]}
    write.connection.execute(
        sa.insert(pending_findings).values(
            refund_id=row["refund_id"],
            who=who,
            made_at=write.at,
            due_at=write.at + wait_ms,
            body=orjson.dumps(body).decode(),
        )
    )


def due_findings(connection: sa.Connection, now: int) -> list[PendingFinding]:
    """The findings that can no longer be undone at `now` (ms)."""
    query = sa.select(pending_findings).where(pending_findings.c.due_at <= now)
    return [_pending(row) for row in connection.execute(query).mappings()]


def pending_finding(connection: sa.Connection, refund_id: str) -> PendingFinding | None:
    """The finding of a case that is not stored yet; None where there is none."""
    one = pending_findings.c.refund_id == refund_id
    row = connection.execute(sa.select(pending_findings).where(one)).mappings().first()
    return None if row is None else _pending(row)


def pending_of(connection: sa.Connection, who: str) -> list[PendingFinding]:
    """The findings of somebody that are not stored yet, the latest first."""
    own = cases.c.refund_id == pending_findings.c.refund_id
    query = sa.select(pending_findings, cases.c.currency).join(cases, own)
    query = query.where(pending_findings.c.who == who)
    rows = connection.execute(query.order_by(pending_findings.c.due_at.desc())).mappings()
    return [_pending(row) for row in rows]


def delete_pending(connection: sa.Connection, refund_id: str, who: str) -> bool:
    """Drop somebody's finding of a case; whether there was one."""
    c = pending_findings.c
    gone = sa.delete(pending_findings).where(c.refund_id == refund_id, c.who == who)
    return connection.execute(gone).rowcount == 1


def _pending(row: Any) -> PendingFinding:
    body = orjson.loads(row["body"])
    stood = body.pop(_STOOD, None)
    currency = row.get("currency", "CNY")
    finding = ReviewFinding(**body)
    return PendingFinding(row["refund_id"], row["who"], row["due_at"], finding, stood, currency)
