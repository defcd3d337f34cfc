"""The facts that one reason counted, in a table (provenance)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.responses import Response

from api.console.page_route import page_router
from api.console.session import LoggedIn, PageContext
from risk import cases
from risk.access.access_log import log_access
from risk.cases.record.reason_facts import facts_of_reason
from risk.errors import NotFound
from risk.explain.code_labels import LABELS

COLUMNS = (
    "known_at", "customer_id", "refund_id", "order_id", "kind", "status", "condition", "verdict",
    "reason_code", "type", "amount", "category", "merchant_id", "courier",
)  # fmt: skip
"""The columns of a fact that are shown, in this order, where any fact has a value."""

TABLES: Mapping[str, tuple[str, ...]] = {
    "reason_code": ("reason",), "type": ("type",), "verdict": ("found",),
    "kind": ("entity", "evidence"), "status": ("parcel",), "condition": ("condition_found",),
    "category": ("category",), "courier": ("courier",),
}  # fmt: skip
"""The tables of labels for the codes of a column."""

router = page_router()


@router.get("/facts")
def show(context: LoggedIn, id: str = "", reason: str = "") -> Response:  # noqa: A002
    view = cases.view_case(context.resources.history, id)
    if view.decision is None:
        raise NotFound(f"no decision on {id}")
    found = facts_of_reason(context.resources.history, id, view.decision, reason)
    log_access(context.resources.history, context.person.name, id, "facts")
    names = [name for name in COLUMNS if _has_values(name, found.facts)]
    rows = [[(name, _shown(context, name, fact)) for name in names] for fact in found.facts]
    return context.page("reason_facts.html", view=view, found=found, names=names, rows=rows)


def _has_values(name: str, facts: tuple[dict[str, Any], ...]) -> bool:
    """Whether any fact has a value in this column."""
    return any(fact.get(name) is not None for fact in facts)


def _shown(context: PageContext, name: str, fact: Mapping[str, Any]) -> str:
    """A value in the reader's locale; a dash where it is unknown."""
    value = fact.get(name)
    if value is None:
        return "–"
    if name == "known_at":
        return context.locale.time(int(value))
    if name == "amount":
        return context.locale.money(int(value), str(fact.get("currency") or "CNY"))
    for table in TABLES.get(name, ()):
        if str(value) in LABELS[table]:
            return context.locale.label(table, str(value))
    return str(value)
