"""Mending a store that took wrong instants from a clock that ran ahead.

The store's clock never steps back, so after such a clock every commit is in the future. What was
stored since gets instants again that are no later than now, in the order of the commits: each the
latest event that its facts speak of, and later than the commit before. What was decided meanwhile
stays as it was answered; the record of the mending says which decisions those are.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from risk.facts import KINDS, RECORDS
from risk.facts.revisions import FOREVER
from risk.history.connection.connect import Write
from risk.history.schema import (
    DERIVED,
    FACTS,
    commits,
    metadata,
)
from risk.history.schema.schema_clock import mended_commits

INSTANTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*RECORDS, *DERIVED), ("known_at", "valid_from", "valid_to", "stands_until")),
    "answers": ("at",),
    "api_keys": ("created_at", "revoked_at", "last_used_at"),
    "case_events": ("at",),
    "cases": (
        "opened_at",
        "decided_at",
        "closed_at",
        "asked_at",
        "escalated_at",
        "appealed_at",
        "facts_at",
    ),
    "commits": ("at",),
    "decisions": ("as_of", "settled", "decided_at"),
    "deliveries": ("made_at", "due_at", "done_at"),
    "endpoints": ("set_at",),
    "erasures": ("at",),
    "file_fetches": ("made_at", "due_at", "decide_at", "done_at"),
    "forgotten": ("at",),
    "inbox": ("received_at",),
    "kept_files": ("at",),
    "listings": ("known_at",),
    "looks": ("at",),
    "marks": ("at",),
    "messages": ("at",),
    "models": ("published_at",),
    "pending_findings": ("made_at",),
    "people": ("made_at", "left_at"),
    "picture_bands": ("at",),
    "policies": ("kept_at",),
    "receivers": ("made_at", "stopped_at"),
    "reports": ("made_at",),
    "second_factors": ("confirmed_at",),
    "sessions": ("opened_at", "seen_at"),
    "sign_on_identities": ("linked_at",),
    "surges": ("at",),
    "tries": ("at",),
    "views": ("saved_at",),
    "waiting_facts": ("at",),
}
"""By table the columns that hold an instant of the store's clock, where the table has them."""

PROMISES: dict[str, dict[str, str]] = {
    "api_keys": {"expires_at": "created_at"},
    "cases": {"held_until": "decided_at"},
    "endpoints": {"previous_until": "set_at"},
    "listings": {"expires_at": "known_at"},
    "pending_findings": {"due_at": "made_at"},
    "receivers": {"previous_until": "made_at"},
}
"""By table the columns that hold a time to come, each with the instant that it was set at."""


@dataclass(frozen=True, slots=True)
class Mended:
    """How many commits had a wrong instant, and how many decisions were made at one."""

    commits: int
    decisions: int


def mend_clock(write: Write, now: int, since: int | None = None) -> Mended:
    """Give the commits from `since` (ms; default: that lie after `now`) right instants again.

    `write` must not have stored anything. Raises ValueError where no commit is wrong.
    """
    connection, wrong_from = write.connection, now + 1 if since is None else since
    wrong = sa.select(commits.c.commit_no, commits.c.at).where(commits.c.at >= wrong_from)
    found = [
        (int(no), int(at)) for no, at in connection.execute(wrong.order_by(commits.c.commit_no))
    ]
    if [no for no, _ in found] in ([], [write.commit_no]):
        raise ValueError("no commit lies ahead of this machine's clock: nothing is to be mended")
    first, start = found[0]
    became = _right_instants(connection, [no for no, _ in found], first, now)
    rows = [
        {"mend_no": write.commit_no, "commit_no": no, "was": was, "became": became[no]}
        for no, was in found
    ]
    connection.execute(sa.insert(mended_commits), rows)
    _move_promises(write, start)
    for table, names in INSTANTS.items():
        for name in names:
            if name in metadata.tables[table].c:
                _move(write, metadata.tables[table].c[name], start)
    decided = sa.select(sa.func.count()).select_from(metadata.tables["decisions"])
    made = decided.where(metadata.tables["decisions"].c.commit_no >= first)
    return Mended(len(found) - 1, int(connection.execute(made).scalar_one()))


def wrong_instants(connection: sa.Connection) -> dict[int, int]:
    """By number of a commit that was mended the instant that it had first."""
    c = mended_commits.c
    found = connection.execute(sa.select(c.commit_no, c.was).order_by(c.mend_no.desc()))
    return {int(number): int(was) for number, was in found}


def _right_instants(
    connection: sa.Connection, numbers: list[int], first: int, now: int
) -> dict[int, int]:
    """An instant for each of these commits, rising, the last no later than `now`."""
    events = _latest_events(connection, first, now)
    before = sa.select(sa.func.max(commits.c.at)).where(commits.c.commit_no < first)
    at, made = int(connection.execute(before).scalar() or 0), {}
    for left, number in zip(range(len(numbers) - 1, -1, -1), numbers, strict=True):
        at = max(at + 1, min(events.get(number, 0), now - left))
        made[number] = at
    return made


def _latest_events(connection: sa.Connection, first: int, now: int) -> dict[int, int]:
    """By commit the latest event that its facts speak of, of those that are not in the future."""
    parts = []
    for name, kind in KINDS.items():
        number, at = FACTS[name].c.commit_no, FACTS[name].c[kind.event_time]
        parts.append(sa.select(number, at.label("at")).where(number >= first, at <= now))
    events = sa.union_all(*parts).subquery()
    query = sa.select(events.c.commit_no, sa.func.max(events.c.at)).group_by(events.c.commit_no)
    return {int(number): int(at) for number, at in connection.execute(query)}


def _moved(write: Write, column: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    """What an instant became: as far behind its commit as it was."""
    c = mended_commits.c
    nearest = sa.select(c.became + column - c.was).where(
        c.mend_no == write.commit_no, c.was <= column
    )
    return nearest.order_by(c.was.desc()).limit(1).scalar_subquery()


def _move(write: Write, column: sa.Column[int], start: int) -> None:
    wrong = sa.and_(column >= start, column < FOREVER)
    change = sa.update(column.table).where(wrong).values({column.name: _moved(write, column)})
    write.connection.execute(change)


def _move_promises(write: Write, start: int) -> None:
    """Move the times to come that were set at a wrong instant, and the queue's order with them."""
    for table, columns in PROMISES.items():
        c = metadata.tables[table].c
        for name, set_at in columns.items():
            wrong = sa.and_(c[set_at] >= start, c[name] >= start)
            change = sa.update(metadata.tables[table]).where(wrong)
            write.connection.execute(change.values({name: _moved(write, c[name])}))
    cases = metadata.tables["cases"]
    by = _moved(write, cases.c.respond_by)
    wrong = sa.and_(cases.c.decided_at >= start, cases.c.respond_by >= start)
    write.connection.execute(
        sa.update(cases)
        .where(wrong)
        .values(rank=cases.c.rank + by - cases.c.respond_by, respond_by=by)
    )
