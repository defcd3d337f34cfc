"""Facts that are recorded as known now although they happened long before.

Windows of features count by when a fact became known: a history without that is one busy day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from risk.facts.fields import Kind
from risk.facts.units import DAY_MS

OLD_MS = 7 * DAY_MS
"""What happened so long before it is told comes from a history, or after a long silence."""


@dataclass(frozen=True, slots=True)
class OldFacts:
    """How many of some facts are old: `field` says when each happened, `oldest` in ms."""

    field: str
    count: int
    of: int
    oldest: int


def old_facts(kind: Kind, facts: Sequence[tuple[int, int | None]], now: int) -> OldFacts | None:
    """The facts, each with when it happened and when it was known, that nobody says were known
    before `now` (all in ms) and that happened long before; None where there is none.

    >>> from risk.facts import ORDERS
    >>> old_facts(ORDERS, [(0, None), (0, 5), (9 * DAY_MS, None)], 9 * DAY_MS)
    OldFacts(field='placed_at', count=1, of=3, oldest=0)
    """
    old = [at for at in _undated(facts) if at < now - OLD_MS]
    return OldFacts(kind.event_time, len(old), len(facts), min(old)) if old else None


def _undated(facts: Iterable[tuple[int, int | None]]) -> Iterable[int]:
    return (happened for happened, known in facts if known is None)
