"""The reviewers' side on PostgreSQL: findings that wait, corrections, mentions, overview."""

from __future__ import annotations

import pytest

from risk.access import people
from risk.cases import (
    Actor,
    ReviewFinding,
    add_note,
    correct_finding,
    hand_over,
    hold_finding,
    undo_finding,
    view_case,
)
from risk.cases.acts.mentions import unread_mentions
from risk.cases.acts.pending_findings import store_due
from risk.cases.figures.overview import overview
from risk.cases.figures.period import Period
from risk.cases.lists.record_rows import entries_in_force, findings_found
from risk.history.connection.connect import now_ms
from risk.history.connection.page_rows import PageOf
from risk.history.store import History
from risk.webhooks.event_log_rows import LOGS
from tests.case_rows import open_case

pytestmark = pytest.mark.engines

MEI, LEO = Actor("bench-mei"), Actor("bench-leo")
ABUSE = ReviewFinding("abuse", "refused", note="a brick came back")


def test_a_day_at_the_bench(postgresql_url: str) -> None:
    history = History.open(postgresql_url, "a secret for histories in tests")
    for one in (MEI, LEO):
        people.add_person(history, one.name, "correct horse battery")
    since = now_ms() - 1
    case = open_case(history, "bench-1", "C-bench")
    hand_over(history, case, MEI, LEO.name)
    add_note(history, case, MEI, "is this yours, @bench-leo?")
    hold_finding(history, case, LEO, ABUSE, 600_000)
    assert undo_finding(history, case, LEO) == ABUSE
    hold_finding(history, case, LEO, ABUSE, 0)
    assert store_due(history) == 1
    correct_finding(history, case, MEI, ReviewFinding("legitimate", note="not their parcel"))
    row = view_case(history, case).row
    assert row is not None
    assert (row["state"], row["verdict"]) == ("closed", "legitimate")
    with history.read() as connection:
        mentions = unread_mentions(connection, LEO.name, now_ms() + 1)
        found = findings_found(connection, PageOf(500), "legitimate")
        entries_in_force(connection, now_ms())
        acts = connection.execute(LOGS["acts"], {"since": since, "most": 500}).all()
    assert [one.refund_id for one in mentions] == [case]
    assert case in {one["refund_id"] for one in found.rows}
    assert case in {act.refund_id for act in acts}
    reviewers = {one.who: one for one in overview(history, period=Period.last(7)).reviews.reviewers}
    assert reviewers[LEO.name].found == 1
    history.close()
