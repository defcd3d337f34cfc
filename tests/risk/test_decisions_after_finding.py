"""What is found in the console is decided again, and counts by what was decided before."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from risk.cases import ReviewFinding, record_finding, view_case
from risk.cases.actor import Actor
from risk.cases.acts.actions import appeal
from risk.decisions import after_finding
from risk.decisions.after_finding import decide_found, decide_outdated
from risk.decisions.decide import Decider
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema.schema_cases import cases
from risk.history.schema.schema_decisions import decisions
from risk.history.store import History
from tests.deciders import HOUR, body, bundle, decider, scored

MEI, LEO = Actor("mei"), Actor("leo", decides_as=("reviewer", "appeal"))
ABUSE = ReviewFinding("abuse", "refused", note="a brick came back")


@pytest.fixture
def deciding(history: History) -> Decider:
    """Calls a person for everything."""
    return decider(history, model=bundle(0, 5.0))


@pytest.fixture
def case(deciding: Decider) -> str:
    return str(scored(deciding, body())["refund_id"])


def row(history: History, refund_id: str) -> dict[str, Any]:
    with history.read() as connection:
        query = sa.select(cases).where(cases.c.refund_id == refund_id)
        return dict(connection.execute(query).mappings().one())


def made(history: History) -> int:
    with history.read() as connection:
        query = sa.select(sa.func.count()).select_from(decisions)
        return int(connection.execute(query).scalar_one())


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (ABUSE, "does not show a fault of the article"),
        (ReviewFinding("legitimate", "refunded"), "it is as you told us"),
        (ReviewFinding("merchant_fault", "refunded"), "the shop was at fault"),
    ],
)
def test_after_a_finding_the_decision_says_it(
    deciding: Decider, history: History, case: str, finding: ReviewFinding, words: str
) -> None:
    before = view_case(history, case).decision
    assert before is not None
    assert before["tier"] != "approve"
    record_finding(history, case, MEI, finding)
    assert decide_found(deciding) == 1
    after = view_case(history, case).decision
    assert after is not None
    assert after["decision_id"] != before["decision_id"]
    assert [rule["id"] for rule in after["rules"]] != [rule["id"] for rule in before["rules"]]
    assert after["customer_message"] != before["customer_message"]
    assert words in after["customer_message"]["en"].lower()
    assert decide_found(deciding) == 0, "and once only"
    assert made(history) == 2


def test_what_was_found_counts_by_the_decision_it_was_found_on(
    deciding: Decider, history: History, case: str
) -> None:
    record_finding(history, case, MEI, ReviewFinding("legitimate", "refunded"))
    before = row(history, case)
    decide_found(deciding)
    after = row(history, case)
    assert after.pop("decided_at") > before.pop("decided_at")
    assert after == before


def test_a_finding_that_came_as_a_fact_and_a_correction_are_decided_too(
    deciding: Decider, history: History, case: str
) -> None:
    for verdict in ("legitimate", "fraud"):
        outcome = {
            "refund_id": case, "decided_at": iso(now_ms()), "verdict": verdict,
            "decided_by": "platform",
        }  # fmt: skip
        ingest(history, "outcomes", [outcome])
        assert decide_found(deciding) == 1
    assert row(history, case)["verdict"] == "fraud"


@pytest.mark.parametrize(("who", "refused"), [("merchant", False), ("reviewer", True)])
def test_a_platform_s_refusal_without_a_finding_stands_and_a_shop_s_is_looked_at(
    history: History, who: str, refused: bool
) -> None:
    trusting = decider(history, model=bundle(0, -20.0))
    case = str(scored(trusting, body())["refund_id"])
    outcome = {
        "refund_id": case, "decided_at": iso(now_ms()), "verdict": "undetermined",
        "resolution": "refused", "decided_by": who,
    }  # fmt: skip
    ingest(history, "outcomes", [outcome])
    told = orjson.loads(trusting.score_again(case).json)
    assert ("refused_unfound" in [rule["id"] for rule in told["rules"]]) is refused
    assert (told["tier"] == "approve") is not refused
    assert ("could not establish" in told["customer_message"]["en"]) is refused
    assert not (refused and told["suggestions"])


def test_under_appeal_nobody_is_told_of_a_finding(
    deciding: Decider, history: History, case: str
) -> None:
    record_finding(history, case, MEI, ABUSE)
    decide_found(deciding)
    found = view_case(history, case).decision
    appeal(history, case, LEO, "the photo is of another parcel")
    assert decide_found(deciding) == 1
    again = view_case(history, case).decision
    assert found is not None
    assert again is not None
    assert again["customer_message"] != found["customer_message"]
    assert row(history, case)["state"] == "open"
    assert decide_found(deciding) == 0


def test_old_findings_and_those_of_closed_requests_are_left(
    deciding: Decider, history: History, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_finding(history, case, MEI, ABUSE)
    with monkeypatch.context() as later:
        later.setattr(after_finding, "now_ms", lambda: now_ms() + 2 * HOUR)
        assert decide_found(deciding) == 0
    with history.write() as write:
        write.connection.execute(sa.update(cases).values(ended="withdrawn"))
    assert decide_found(deciding) == 0


def test_of_two_workers_one_decides_it(deciding: Decider, history: History, case: str) -> None:
    record_finding(history, case, MEI, ABUSE)
    since = now_ms() - HOUR
    assert decide_outdated(deciding, case, since)
    assert not decide_outdated(deciding, case, since), "the other had read it as outdated"
    assert not decide_outdated(deciding, "R-forgotten", since)
    assert made(history) == 2
