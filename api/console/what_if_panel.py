"""What would bring a case to approve, computed once for each decision that is looked at."""

from __future__ import annotations

import threading

from api.console.session import Visit
from risk.cases import CaseView
from risk.cases.what_if import Way, ways
from risk.decisions.decide import Decider
from risk.errors import Conflict, Unavailable
from risk.facts.units import HOUR_MS

Key = tuple[str | int, ...]


class Computed:
    """The ways of the cases looked at last: the same until a fact, the model or the hour change."""

    def __init__(self, most: int = 2_000) -> None:
        self._lock = threading.Lock()
        self._most = most
        self._kept: dict[Key, list[Way]] = {}

    def of(self, decider: Decider, view: CaseView) -> list[Way]:
        """Compute them, unless they are kept. Raises Unavailable without a model in service."""
        key = _key(decider, view)
        with self._lock:
            found = self._kept.get(key)
        if found is not None:
            return found
        found = ways(decider, view)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > self._most:
                self._kept.pop(next(iter(self._kept)))
        return found


def _key(decider: Decider, view: CaseView) -> Key:
    record, decision = view.record, view.decision or {}
    return (
        str(decision.get("decision_id")),
        decider.ready().published.version,
        view.entry.kind if view.entry else "",
        len(record.evidence) + len(record.inspections) + len(record.parcels),
        view.now // HOUR_MS,
    )


def ways_of(visit: Visit, view: CaseView) -> list[Way] | None:
    """The ways of an open case that is not approved; None where they cannot be computed now."""
    if not view.is_open or not view.decision or view.decision["tier"] == "approve":
        return []
    kept: Computed = visit.request.app.state.console_ways
    try:
        return kept.of(visit.request.app.state.service.decider, view)
    except (Unavailable, Conflict):
        return None
