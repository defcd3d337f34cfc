"""The reviewers' queue: pages of cases in the order of money at stake and time left."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from risk.cases.actor import Actor
from risk.cases.acts.actions import claim
from risk.cases.lists import queue_rows
from risk.cases.lists.queue_order_rows import ORDERS, order_of
from risk.cases.lists.queue_rows import DUE, Filters
from risk.cases.record.closing import readable
from risk.errors import BadInput, Conflict, Forbidden, Problem
from risk.facts import REASONS, TYPES
from risk.facts.parse import parse_money
from risk.history.connection.connect import now_ms
from risk.history.connection.cursor import encode_cursor
from risk.history.store import History
from risk.policy.situation import TIERS
from risk.problem_phrases import phrase

PAGE = 50
MAX_PAGE = 200

CHOICES: dict[str, tuple[str, ...]] = {
    "state": ("open", "closed"),
    "tier": TIERS,
    "reason": REASONS,
    "type": TYPES,
    "due": tuple(DUE),
    "order": ORDERS,
}
_FLAGS = ("audit", "appealed", "escalated")
_WORDS = ("merchant", "currency", "held", "team", "q")
_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Cases in order, and where the next page starts; None on the last."""

    cases: list[dict[str, Any]]
    next: str | None
    now: int


def read_filters(given: Mapping[str, str]) -> Filters:
    """Filters from query parameters. Raises BadInput naming each invalid one.

    Amounts are in major units; unknown parameters are ignored.
    """
    read: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, text in given.items():
        value = text.strip()
        if not value:
            continue
        try:
            if name in CHOICES or name in _WORDS or name in _FLAGS:
                read[name] = _choice(name, value)
            elif name in ("amount_from", "amount_to"):
                read[name] = parse_money(value)
            elif name == "ring":
                read[name] = max(0, min(int(value), 10**6))
        except (ValueError, KeyError):
            expected = _expected(name)
            problems.append(Problem("cases", None, name, expected, f"{len(value)} characters"))
    if problems:
        raise BadInput(problems)
    return Filters(**read)


def _choice(name: str, value: str) -> str | bool:
    if name in _FLAGS:
        return _BOOLEANS[value.lower()]
    if name in CHOICES and value not in CHOICES[name]:
        raise ValueError(name)
    if len(value) > 200:
        raise ValueError(name)
    return value


def _expected(name: str) -> str:
    if name in CHOICES:
        return phrase("one_of", choices=list(CHOICES[name]))
    if name in _FLAGS:
        return phrase("flag")
    if name in _WORDS:
        return phrase("at_most_characters", count=200)
    return phrase("number")


def queue(
    history: History, filters: Filters, after: str | None = None, limit: int = PAGE
) -> QueuePage:
    """A page of the queue, bounded whatever the number of cases. Raises BadInput for a cursor."""
    now = now_ms()
    cursor = order_of(filters.order, filters.state, now).place(after)
    wanted = max(1, min(limit, MAX_PAGE))
    with history.read() as connection:
        rows = queue_rows.read_page(connection, filters, now, cursor, wanted + 1)
    shown = rows[:wanted]
    more = len(rows) > wanted
    last = shown[-1] if more else None
    following = encode_cursor(last["sort"], last["refund_id"]) if last else None
    return QueuePage([readable(row) for row in shown], following, now)


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """Counts of open cases by deadline and claimant, and of cases that match the filters."""

    by_tab: dict[str, int]
    matching: int


def queue_counts(history: History, filters: Filters, who: str, team: str = "") -> QueueCounts:
    """The counts shown around a page of the queue, as `who` of a team sees them."""
    now = now_ms()
    with history.read() as connection:
        by_tab = queue_rows.count_open(connection, who, team, now)
        if replace(filters, order="rank") == Filters():
            return QueueCounts(by_tab, matching=by_tab["open"])
        return QueueCounts(by_tab, queue_rows.count_matching(connection, filters, now))


def opened_since(history: History, filters: Filters, since: int) -> int:
    """How many cases under these filters came or were decided anew after `since` (ms)."""
    with history.read() as connection:
        return queue_rows.count_opened(connection, filters, now_ms(), since)


def take_next(history: History, filters: Filters, actor: Actor) -> str | None:
    """Claim the first case of the queue that the actor may claim; None where there is none."""
    for row in queue(history, filters, limit=20).cases:
        with contextlib.suppress(Conflict, Forbidden):
            claim(history, row["refund_id"], actor)
            return str(row["refund_id"])
    return None


def next_in_queue(history: History, filters: Filters, row: Mapping[str, Any] | None) -> str | None:
    """The request after this one in the queue; None after the last."""
    if row is None:
        return None
    now = now_ms()
    with history.read() as connection:
        here = queue_rows.place_of(connection, filters, now, row)
        return queue_rows.next_after(connection, filters, now, here) if here else None
