"""The record of a case: the request's own facts, and its customer's history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa

from risk.cases.record.audited_rows import audited_legitimate
from risk.cases.record.revision_rows import OF_CASE, about_case
from risk.facts import REFUNDS
from risk.history.connection.prepared import Prepared
from risk.history.schema import FACTS, findings, latest, requests
from risk.history.schema.schema_decisions import decisions

LATEST = 120
"""How many of the customer's latest orders and requests are read."""

Rows = list[dict[str, Any]]
_orders, _refunds = FACTS["orders"], FACTS["refunds"]


@dataclass(frozen=True)
class CaseRecord:
    """The facts of one case as stored: times in ms, money in 1/10,000, weights in mg.

    `request` is the refund's row; `facts` holds, by kind, what belongs to it and to its order;
    `decisions` are bodies, oldest first. `orders` and `requests` are the customer's others, newest
    first, each request with its standing `label` and `verdict`, and whether a random check found it
    `audited` legitimate, which counts for nothing else; `reuse` maps an evidence id to the
    other requests that showed the same photo.
    """

    request: dict[str, Any]
    facts: dict[str, Rows]
    decisions: list[dict[str, Any]]
    orders: Rows = field(default_factory=list)
    requests: Rows = field(default_factory=list)
    reuse: dict[str, Rows] = field(default_factory=dict)

    @property
    def lines(self) -> Rows:
        return self.facts["orders"]

    @property
    def parcels(self) -> Rows:
        return self.facts["shipments"]

    @property
    def evidence(self) -> Rows:
        return self.facts["evidence"]

    @property
    def inspections(self) -> Rows:
        return self.facts["inspections"]

    @property
    def outcomes(self) -> Rows:
        return self.facts["outcomes"]

    @property
    def customer_id(self) -> str | None:
        return self.lines[0]["customer_id"] if self.lines else None


def read_case_record(connection: sa.Connection, refund_id: str) -> CaseRecord | None:
    """The record of a request, as last stated; None where it is not stored."""
    found = _REQUEST(connection, refund_id=refund_id)
    if not found:
        return None
    request = found[0]
    named = {name: request[name] for name in ("refund_id", "order_id")}
    facts = {kind: read(connection, **named) for kind, read in _ABOUT.items()}
    lines = facts["orders"]
    customer = lines[0]["customer_id"] if lines else None
    return CaseRecord(
        request=request,
        facts=facts,
        decisions=_decisions(connection, refund_id),
        orders=_others(connection, customer, request["order_id"]),
        requests=_requests(connection, customer, refund_id),
        reuse=_reuse(connection, facts["evidence"], refund_id),
    )


_REQUEST = Prepared(
    sa.select(_refunds)
    .where(_refunds.c.refund_id == sa.bindparam("refund_id", type_=sa.Text))
    .order_by(_refunds.c.valid_to.desc(), _refunds.c.revision.desc())
)
_ABOUT = {
    kind.name: Prepared(
        sa.select(FACTS[kind.name])
        .where(about_case(kind), latest(FACTS[kind.name]))
        .order_by(FACTS[kind.name].c.known_at)
        .limit(2 * LATEST)
    )
    for kind in OF_CASE
    if kind is not REFUNDS
}
"""The facts of each kind about a request or its order, in the order they became known."""

_DECISIONS = Prepared(
    sa.select(decisions.c.body)
    .where(decisions.c.refund_id == sa.bindparam("refund_id", type_=sa.Text))
    .order_by(decisions.c.as_of, decisions.c.decided_at)
)
_ORDER = (
    "order_id", "placed_at", "amount", "currency", "category", "sku", "channel", "known_at",
)  # fmt: skip
_ORDERS = Prepared(
    sa.select(*(_orders.c[name] for name in _ORDER))
    .where(
        _orders.c.customer_id == sa.bindparam("customer_id", type_=sa.Text),
        _orders.c.order_id != sa.bindparam("order_id", type_=sa.Text),
        latest(_orders),
    )
    .order_by(_orders.c.known_at.desc())
    .limit(LATEST)
)
_ASKED = (
    "refund_id", "order_id", "requested_at", "amount", "currency", "type", "reason_code", "state",
    "known_at",
)  # fmt: skip
_REQUESTS = Prepared(
    sa.select(*(requests.c[name] for name in _ASKED))
    .where(
        requests.c.customer_id == sa.bindparam("customer_id", type_=sa.Text),
        requests.c.refund_id != sa.bindparam("refund_id", type_=sa.Text),
        latest(requests),
    )
    .order_by(requests.c.known_at.desc())
    .limit(LATEST)
)


def _decisions(connection: sa.Connection, refund_id: str) -> list[dict[str, Any]]:
    return [orjson.loads(row["body"]) for row in _DECISIONS(connection, refund_id=refund_id)]


def _others(connection: sa.Connection, customer: str | None, order_id: str) -> Rows:
    """The customer's latest other orders, one row a line."""
    if customer is None:
        return []
    return _ORDERS(connection, customer_id=customer, order_id=order_id)


def _requests(connection: sa.Connection, customer: str | None, refund_id: str) -> Rows:
    """The customer's latest other requests, with what was found about them."""
    if customer is None:
        return []
    rows = _REQUESTS(connection, customer_id=customer, refund_id=refund_id)
    ids = [row["refund_id"] for row in rows]
    found, audited = standing_findings(connection, ids), audited_legitimate(connection, ids)
    return [
        {**row, **found.get(one := row["refund_id"], NO_FINDING), "audited": audited.get(one)}
        for row in rows
    ]


NO_FINDING: dict[str, Any] = {"label": None, "verdict": None, "found_at": None}


def standing_findings(
    connection: sa.Connection, refunds: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """The finding that stands now on each of these requests, where there is one."""
    if not refunds:
        return {}
    rows = connection.execute(_STANDING, {"refunds": refunds}).mappings()
    return {row["refund_id"]: dict(row) for row in rows}


_STANDING = sa.select(
    findings.c.refund_id,
    findings.c.label,
    findings.c.verdict,
    findings.c.known_at.label("found_at"),
).where(
    findings.c.refund_id.in_(sa.bindparam("refunds", expanding=True)),
    findings.c.stands_until.is_(None),
    latest(findings),
)


def _reuse(connection: sa.Connection, evidence: Rows, refund_id: str) -> dict[str, Rows]:
    """Other requests with the same photo: at most ten an item, the latest first."""
    table = FACTS["evidence"]
    reuse: dict[str, Rows] = {}
    for item in evidence:
        if item["photo"] is None:
            continue
        query = (
            sa.select(table.c.refund_id, table.c.submitted_at)
            .where(table.c.photo == item["photo"], table.c.refund_id != refund_id, latest(table))
            .order_by(table.c.known_at.desc())
            .limit(10)
        )
        rows = [dict(row) for row in connection.execute(query).mappings()]
        if rows:
            found = standing_findings(connection, [row["refund_id"] for row in rows])
            reuse[item["evidence_id"]] = [
                {**row, **found.get(row["refund_id"], NO_FINDING)} for row in rows
            ]
    return reuse
