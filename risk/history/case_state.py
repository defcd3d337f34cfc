"""The materialised state of cases: refreshed from decisions, outcomes and case events."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import orjson
import sqlalchemy as sa

from risk.facts.revisions import FOREVER
from risk.facts.units import HOUR_MS
from risk.features.visibility import current
from risk.findings import OUTCOME_COUNTS, Finding, sql_list, standing
from risk.history.connection.connect import Write
from risk.history.connection.driver import Row, insert, runner
from risk.history.schema.schema_cases import case_events, cases

MS_PER_DOUBLING = 4 * HOUR_MS
PRIORITY_MS = 24 * HOUR_MS
FORWARDED_MS = 100_000 * HOUR_MS
"""More than any deadline or money can bring a case forward."""
_BATCH = 500


_BY_REFUND = sa.select(cases).where(cases.c.refund_id == sa.bindparam("refund_id"))
_FOUND = f"""SELECT o.decided_by, o.verdict, o.known_at, o.decided_at FROM outcomes o
  WHERE o.refund_id = :refund_id AND {OUTCOME_COUNTS} AND {current("o")}"""
_DISPUTED = f"""SELECT o.refund_id FROM outcomes o
  WHERE {OUTCOME_COUNTS} AND {current("o")}
  GROUP BY o.refund_id HAVING COUNT(*) > 1"""
_REQUEST = """SELECT r.state, r.known_at, r.valid_from, r.valid_to, r.forwarded_by FROM refunds r
  WHERE r.refund_id = :refund_id ORDER BY r.valid_to DESC, r.revision DESC LIMIT 1"""
_TAKEN_BACK = """SELECT DISTINCT k.refund_id, t.reason FROM retractions t
  JOIN refunds r ON r.fact_key = t.target JOIN cases k ON k.refund_id = r.refund_id
  WHERE t.kind = 'refunds' AND t.commit_no = :commit_no"""
_COLUMNS = tuple(column.name for column in cases.columns)
_INSERT = f"""INSERT INTO cases ({", ".join(_COLUMNS)})
  VALUES ({", ".join("?" * len(_COLUMNS))})"""
_MARKS = {
    "ask": "asked_at", "call": "asked_at", "offer": "asked_at", "escalate": "escalated_at",
    "appeal": "appealed_at",
}  # fmt: skip
_MARKED = f"""SELECT e.action, MAX(e.at) FROM case_events e WHERE e.refund_id = :refund_id
  AND e.action IN ({sql_list(_MARKS)}) GROUP BY e.action"""


HELD = """k.state = 'open' AND k.tier <> 'approve'
    AND (k.held_until > :as_of OR k.team IS NOT NULL OR k.escalated_at IS NOT NULL)"""
"""Whether somebody works on a case `k` whose money waits for them. Of a team any may be at it, and
what was escalated waits for somebody more senior."""


def rank(respond_by: int, stake: float, *, first: bool, forwarded: bool = False) -> int:
    """The sort key of the queue, smallest first: the deadline, brought forward by the stake.

    Each doubling of the money at stake (major units of the policy's currency) counts as four hours,
    priority (`first`) as a day. What the platform forwarded comes before everything else. The key
    does not depend on the present moment, so it is indexed.

    >>> rank(0, 3.0, first=False) == -2 * MS_PER_DOUBLING
    True
    """
    ahead = MS_PER_DOUBLING * math.log2(1.0 + max(stake, 0.0)) + (PRIORITY_MS if first else 0)
    return respond_by - round(ahead) - (FORWARDED_MS if forwarded else 0)


def upsert_case(connection: sa.Connection, decided: Row) -> None:
    """Create or update a case from its newest decision; approvals without audit get no case.

    `decided` holds the columns of `cases` that a decision gives. A case that was found out keeps
    those of the decision it was found out on, which the overview counts by.
    """
    stored = connection.execute(_BY_REFUND, {"refund_id": decided["refund_id"]}).mappings().first()
    if stored is None:
        if not decided["wanted"]:
            return
        marks = _marks(connection, decided["refund_id"], since=decided["decided_at"])
        row = {**decided, **marks}
        row |= {"opened_at": decided["decided_at"], "state": "open"}
        made = _with_state(connection, row)
        insert(connection, _INSERT, [tuple(made.get(name) for name in _COLUMNS)])
        return
    if stored["state"] == "closed" and stored["verdict"] is not None and stored["ended"] is None:
        known = {name: decided[name] for name in ("refund_id", "decided_at")}
        _update(connection, {**known, "facts_at": None})
        return
    row = {**stored, **decided, "asked_at": None, "facts_at": None}
    if stored["audit"]:
        row |= {name: stored[name] for name in ("audit", "audit_share", "selected_by")}
        row["wanted"] = True
    _update(connection, _with_state(connection, row))


def refresh_case_state(connection: sa.Connection, refunds: Iterable[str]) -> None:
    """Open or close the cases of these requests according to their outcomes and events."""
    refund_ids = sorted(set(refunds))
    for start in range(0, len(refund_ids), _BATCH):
        some = sa.select(cases).where(cases.c.refund_id.in_(refund_ids[start : start + _BATCH]))
        for stored in connection.execute(some).mappings().all():
            marks = _marks(connection, stored["refund_id"], since=stored["decided_at"])
            _update(connection, _with_state(connection, {**stored, **marks}))


def settle_disputed(connection: sa.Connection) -> None:
    """Refresh every case whose request has more than one outcome that counts."""
    disputed = runner(connection)(_DISPUTED, {})
    refresh_case_state(connection, [refund_id for (refund_id,) in disputed])


def _update(connection: sa.Connection, row: Row) -> None:
    values = {name: value for name, value in row.items() if name != "refund_id"}
    connection.execute(sa.update(cases).where(cases.c.refund_id == row["refund_id"]).values(values))


def _marks(connection: sa.Connection, refund_id: str, since: int = 0) -> dict[str, int | None]:
    """When somebody was last asked (since the newest decision), and escalation and appeal."""
    marked: dict[str, int | None] = dict.fromkeys(_MARKS.values())
    for action, at in runner(connection)(_MARKED, {"refund_id": refund_id}):
        column = _MARKS[action]
        if column != "asked_at" or int(at) > since:
            marked[column] = max(int(at), marked[column] or 0)
    return marked


def _with_state(connection: sa.Connection, row: Row) -> dict[str, Any]:
    """The row with its state, standing finding and queue rank."""
    rows = runner(connection)(_FOUND, {"refund_id": row["refund_id"]})
    found = [Finding(*outcome) for outcome in rows]
    stands = standing(found)
    request = runner(connection)(_REQUEST, {"refund_id": row["refund_id"]})
    why, ended_at = _ended(request)
    forwarded = bool(request) and request[0][4] == "platform"
    is_open = why is None and _is_open(row, found)
    closed_at = None if is_open else max([o.known_at for o in found] or [row["decided_at"]])
    if why is not None:
        closed_at = max(ended_at, row["opened_at"])
    first = bool(row["priority"] or row["escalated_at"] or (is_open and row["appealed_at"]))
    released = {} if is_open else {"held_by": None, "held_until": None, "facts_at": None}
    return {
        **row,
        **released,
        "state": "open" if is_open else "closed",
        "closed_at": closed_at,
        "ended": why,
        "verdict": stands.verdict if stands else None,
        "found_by": stands.found_by if stands else None,
        "rank": rank(row["respond_by"], row["stake"], first=first, forwarded=forwarded),
    }


def _ended(
    request: Sequence[tuple[Any, ...]],
) -> tuple[Literal["withdrawn", "retracted"] | None, int]:
    """Whether and when (ms) the request was withdrawn or taken back; None while it is open."""
    if not request:
        return None, 0
    state, known_at, valid_from, valid_to, _ = request[0]
    if valid_to < FOREVER:
        return "retracted", int(valid_to)
    return ("withdrawn" if state == "withdrawn" else None), max(int(known_at), int(valid_from))


def note_taken_back(write: Write) -> None:
    """Record on the cases of requests that this write took back who did it, and why."""
    taken = runner(write.connection)(_TAKEN_BACK, {"commit_no": write.commit_no})
    rows = [
        {"refund_id": refund_id, "at": write.at, "who": write.who or "-", "action": "retract",
         "body": orjson.dumps({"text": reason}).decode()}
        for refund_id, reason in taken
    ]  # fmt: skip
    if rows:
        write.connection.execute(sa.insert(case_events), rows)


def _is_open(row: Row, found: Sequence[Finding]) -> bool:
    """An appeal keeps a case open until its own outcome; else any person's outcome closes it."""
    appealed = row["appealed_at"]
    if appealed is not None and not any(
        o.found_by == "appeal" and o.known_at > appealed for o in found
    ):
        return True
    return bool(row["wanted"]) and not found
