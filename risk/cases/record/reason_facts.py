"""Provenance of a reason: the facts it counted, as they were known to its decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from risk.decisions import log
from risk.errors import NotFound
from risk.facts.parse import parse_time
from risk.features.catalog import catalogue
from risk.history.reading.provenance import provenance_of
from risk.history.store import History

MOST = 60


@dataclass(frozen=True, slots=True)
class ReasonFacts:
    """A reason of a Decision with the facts it counted, latest first; `more` are not listed.

    `decided` is the decision's moment (ms); facts are columns by name, times in ms, money in
    1/10,000, without identities.
    """

    reason: Mapping[str, Any]
    decided: int
    facts: tuple[dict[str, Any], ...]
    more: int = 0


def facts_of_reason(
    history: History, refund_id: str, decision: Mapping[str, Any], name: str
) -> ReasonFacts:
    """The facts counted by the reason of this feature. Raises NotFound."""
    reason = next((r for r in decision["reasons"] if r["feature"] == name), None)
    feature = next((f for f in catalogue() if f.name == name), None)
    if reason is None or feature is None:
        raise NotFound(f"no such reason on request {refund_id}")
    at = parse_time(decision["as_of"])
    with history.read() as connection:
        settled = log.settled_of(connection, decision["decision_id"])
        spine = history.reader.spine(connection, refund_id, at, settled)
        measures = provenance_of(connection, spine, feature) if spine else ()
    facts = {tuple(fact.items()): fact for one in measures for fact in one.facts}
    listed = sorted(facts.values(), key=lambda fact: -int(fact["known_at"] or 0))
    return ReasonFacts(reason, at, tuple(listed[:MOST]), max(len(listed) - MOST, 0))
