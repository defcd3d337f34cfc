"""The rows behind the clocks of teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from risk.cases.figures.overview_rows import policy_in_force
from risk.cases.figures.team_clock import TeamClock, team_clock
from risk.cases.policies.review_policy import review_of
from risk.facts.units import HOUR_MS
from risk.history.schema.schema_cases import case_events
from risk.history.schema.schema_decisions import decisions

TEAM_HOURS = 8
"""So long a team has where the policy says nothing."""

_ASKED = ("ask", "call", "offer")


def team_clocks(
    connection: sa.Connection, rows: Iterable[Mapping[str, Any]], now: int
) -> dict[str, TeamClock]:
    """The clocks of those of these cases that are open and with a team, by request."""
    teams = {r["refund_id"]: r["team"] for r in rows if r["team"] and r["state"] == "open"}
    if not teams:
        return {}
    in_force = policy_in_force(connection)
    review = review_of(in_force[1]) if in_force else None
    allowed = (review.team_hours if review else TEAM_HOURS) * HOUR_MS
    asked, given = _acts(connection, list(teams))
    decided = _decided(connection, list(teams))
    return {
        name: team_clock(team, given[name], asked[name], decided[name], now, allowed)
        for name, team in teams.items()
        if name in given
    }


def _acts(
    connection: sa.Connection, refund_ids: list[str]
) -> tuple[dict[str, list[int]], dict[str, int]]:
    """When others were asked, and when each case was last given to a team."""
    e = case_events.c
    to_team = sa.and_(e.action == "assign", e.body.contains('"team"'))
    query = sa.select(e.refund_id, e.action, e.at).where(
        e.refund_id.in_(refund_ids), sa.or_(e.action.in_(_ASKED), to_team)
    )
    asked: dict[str, list[int]] = defaultdict(list)
    given: dict[str, int] = {}
    for row in connection.execute(query.order_by(e.event_no)):
        if row.action == "assign":
            given[row.refund_id] = row.at
        else:
            asked[row.refund_id].append(row.at)
    return asked, given


def _decided(connection: sa.Connection, refund_ids: list[str]) -> dict[str, list[int]]:
    d = decisions.c
    query = sa.select(d.refund_id, d.decided_at).where(d.refund_id.in_(refund_ids))
    found: dict[str, list[int]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.refund_id].append(row.decided_at)
    return found
