"""The facts behind one reason, in a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.responses import Response

from api.console.page_route import pages
from api.console.session import Here, Visit
from risk import cases
from risk.access.access_log import log_access
from risk.cases.reason_facts import facts_of_reason
from risk.errors import NotFound
from risk.explain.code_labels import LABELS

COLUMNS = (
    "known_at", "customer_id", "refund_id", "order_id", "kind", "status", "condition", "verdict",
    "reason_code", "type", "amount", "category", "merchant_id", "courier",
)  # fmt: skip
"""What is shown of a fact, in this order, where it says anything."""

TABLES: Mapping[str, tuple[str, ...]] = {
    "reason_code": ("reason",), "type": ("type",), "verdict": ("verdict", "condition_found"),
    "kind": ("entity", "evidence"), "status": ("parcel",), "condition": ("condition_found",),
}  # fmt: skip
"""Which tables of labels word the codes of a column."""

router = pages()


@router.get("/facts")
def show(visit: Here, id: str = "", reason: str = "") -> Response:  # noqa: A002
    view = cases.view_case(visit.desk.history, id)
    if view.decision is None:
        raise NotFound(f"no decision on {id}")
    found = facts_of_reason(visit.desk.history, id, view.decision, reason)
    log_access(visit.desk.history, visit.person.name, id, "facts")
    names = [name for name in COLUMNS if _told(name, found.facts)]
    rows = [[(name, _shown(visit, name, fact)) for name in names] for fact in found.facts]
    return visit.page("facts.html", view=view, found=found, names=names, rows=rows)


def _told(name: str, facts: tuple[dict[str, Any], ...]) -> bool:
    """Whether a column says something here."""
    return any(fact.get(name) is not None for fact in facts)


def _shown(visit: Visit, name: str, fact: Mapping[str, Any]) -> str:
    """A value as a reader writes it; nothing where it is unknown."""
    value = fact.get(name)
    if value is None:
        return "–"
    if name == "known_at":
        return visit.locale.time(int(value))
    if name == "amount":
        return visit.locale.money(int(value), str(fact.get("currency") or "CNY"))
    for table in TABLES.get(name, ()):
        if str(value) in LABELS[table]:
            return visit.locale.label(table, str(value))
    return str(value)
