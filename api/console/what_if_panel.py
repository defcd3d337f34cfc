"""What-if: which evidence would turn a case to approve, computed once for each decision."""

from __future__ import annotations

import threading

from api.console.session import PageContext
from risk.cases import CaseView
from risk.decisions.decide import Decider
from risk.decisions.what_if import WhatIf, what_if
from risk.errors import Conflict, Unavailable
from risk.facts.units import HOUR_MS

Key = tuple[str | int, ...]


class WhatIfCache:
    """Caches the what-if of recent cases until a fact, the model or the hour changes."""

    def __init__(self, size: int = 2_000) -> None:
        self._lock = threading.Lock()
        self._size = size
        self._cache: dict[Key, list[WhatIf]] = {}

    def of(self, decider: Decider, view: CaseView) -> list[WhatIf]:
        """The what-if of a case, from the cache if possible. Raises Unavailable without a model."""
        key = _key(decider, view)
        with self._lock:
            found = self._cache.get(key)
        if found is not None:
            return found
        found = what_if(decider, view.refund_id)
        with self._lock:
            self._cache[key] = found
            while len(self._cache) > self._size:
                self._cache.pop(next(iter(self._cache)))
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


def what_if_of(context: PageContext, view: CaseView) -> list[WhatIf] | None:
    """The what-if of an open case that is not approved; None where it is unavailable now."""
    if not view.is_open or not view.decision or view.decision["tier"] == "approve":
        return []
    cache: WhatIfCache = context.request.app.state.console_what_if
    try:
        return cache.of(context.request.app.state.service.decider, view)
    except (Unavailable, Conflict):
        return None
