"""The filters that are on, in words, each with the address of the queue without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.console.session import PageContext
from api.console.templating import url

_LABELS = {"tier": "tier", "reason": "reason", "type": "type"}
_FLAGS = ("appealed", "escalated")
_ALONE = {
    ("state", "open"): "state_open", ("state", "closed"): "state_closed",
    ("held", "me"): "tab_mine", ("held", "free"): "tab_free", ("team", "mine"): "tab_team",
    ("appealed", ""): "tab_appealed", ("escalated", ""): "tab_escalated",
}  # fmt: skip
_VALUES = {
    ("due", "overdue"): "tab_overdue", ("due", "soon"): "tab_soon", ("due", "day"): "tab_day",
    ("audit", "1"): "filter_yes", ("audit", "true"): "filter_yes", ("audit", "0"): "filter_no",
    ("audit", "false"): "filter_no",
}  # fmt: skip
_NAMES = {"held": "col_held", "team": "people_team", "q": "search"}


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A filter by its label and value; `without` leads to the queue without it."""

    name: str
    value: str
    without: str


def active_filters(
    context: PageContext, wanted: Mapping[str, str], names: Mapping[str, str], known: Iterable[str]
) -> list[ActiveFilter]:
    """The filters that are on, but those of the names `known`, which the page shows otherwise; of
    people their `names`. The order is no filter."""
    found = []
    for name, value in wanted.items():
        if name != "order" and name not in known:
            others = {key: other for key, other in wanted.items() if key != name}
            found.append(ActiveFilter(*_said(context, name, value, names), url(**others)))
    return found


def _said(context: PageContext, name: str, value: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Label and value; where the value says it all there is no label."""
    if alone := _ALONE.get((name, "" if name in _FLAGS else value)):
        return "", context.translate(alone)
    if name in _LABELS:
        return context.translate(f"filter_{name}"), context.locale.label(_LABELS[name], value)
    if key := _VALUES.get((name, value)):
        return context.translate(f"filter_{name}"), context.translate(key)
    label = _NAMES.get(name, f"filter_{name.removeprefix('amount_')}")
    return context.translate(label), names.get(value, value) if name == "held" else value
