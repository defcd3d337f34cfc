"""Giving a case to somebody else, or to a team."""

from __future__ import annotations

from risk.access.people import all_teams, person_of
from risk.cases.actor import Actor
from risk.cases.acts.actions import case_row, ensure_claimed
from risk.cases.record import claim_rows
from risk.errors import BadInput, Forbidden, Problem
from risk.history.store import History
from risk.problem_phrases import phrase


def hand_over(history: History, refund_id: str, actor: Actor, to: str) -> None:
    """Give a case to somebody else, who has it for a working day. Raises as `claim`, and BadInput
    for a name that is nobody's."""
    with history.write() as write:
        row = case_row(write, refund_id)
        ensure_claimed(write, row, actor)
        person = person_of(write.connection, to)
        if person is None or person.deactivated:
            raise BadInput([Problem("cases", None, "to", phrase("login_at_work"), to)])
        if row["appealed_at"]:
            events = claim_rows.events(write.connection, refund_id)
            if to in claim_rows.finders(events):
                raise Forbidden("an appeal is for somebody other than who made the finding")
        claim_rows.give(write.connection, refund_id, to, write.at)
        told = {"to": to}
        claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "assign", told)


def hand_to_team(history: History, refund_id: str, actor: Actor, team: str) -> None:
    """Give a case to a team, whose clock starts: anybody may claim it. Raises as `claim`, and
    BadInput for a team that nobody at work belongs to."""
    with history.write() as write:
        row = case_row(write, refund_id)
        ensure_claimed(write, row, actor)
        if team not in all_teams(write.connection):
            raise BadInput([Problem("cases", None, "to", phrase("team_at_work"), team)])
        claim_rows.give_to_team(write.connection, refund_id, team)
        where = (refund_id, write.at, actor.name)
        claim_rows.add_event(write.connection, *where, "assign", {"team": team})
