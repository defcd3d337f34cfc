"""After a finding, and under appeal, everything about a case says so and nothing else."""

from __future__ import annotations

import pytest

from risk.cases import ReviewFinding, record_finding, view_case
from risk.cases.actor import Actor
from risk.cases.acts.actions import appeal
from risk.cases.papers.customer_account import account
from risk.cases.papers.dossier import dossier
from risk.cases.papers.standing_finding import State, finding_of, is_current, state_of
from risk.cases.steps.next_acts import settled_as_asked
from risk.decisions.decide import Decider
from risk.history.store import History
from risk.policy import load
from tests.case_rows import open_case
from tests.deciders import body, bundle, decider, scored

MEI, LEO = Actor("mei"), Actor("leo")
PART = ReviewFinding("fraud", "partly_refunded", "100.00", "half the goods came back")
ABUSE = ReviewFinding("abuse", "refused", note="a brick came back")
ACCEPTED = ("accepted", "approved", "已通过")


@pytest.fixture
def deciding(history: History) -> Decider:
    """Calls a person for everything."""
    return decider(history, model=bundle(0, 5.0))


@pytest.fixture
def case(deciding: Decider) -> str:
    return str(scored(deciding, body())["refund_id"])


@pytest.mark.parametrize(
    ("finding", "code", "stated"),
    [
        (ABUSE, "not_due", "abuse, refused"),
        (PART, "not_due_beyond", "fraud, partly refunded 100.00 CNY"),
        (ReviewFinding("legitimate", "refunded"), "due", "legitimate, refunded 349.00 CNY"),
        (
            ReviewFinding("merchant_fault", "partly_refunded", "50.00"),
            "due_in_part",
            "merchant at fault, partly refunded 50.00 CNY",
        ),
        (ReviewFinding("courier_fault", "refunded"), "due", "courier at fault, refunded"),
        (ReviewFinding("undetermined"), "consent", "undetermined."),
    ],
)
def test_statement_ruling_and_account_say_what_was_found(
    deciding: Decider, history: History, case: str, finding: ReviewFinding, code: str, stated: str
) -> None:
    assert state_of(view_case(history, case)) == "open"
    record_finding(history, case, MEI, finding)
    stale = view_case(history, case)
    assert state_of(stale) == "found"
    assert not is_current(stale), "its decision was made before"
    deciding.score_again(case)
    assert is_current(view_case(history, case))
    made = dossier(history, case)
    assert stated in made["statement"]["en"]
    assert made["ruling_asked"]["code"] == code
    if "part" in stated:
        assert f"{finding.amount} CNY" in made["ruling_asked"]["text"]["zh"]
    assert "our message says what was found" in made["account"]["en"]
    assert not any(word in text for text in made["account"].values() for word in ACCEPTED)


def test_an_appeal_rests_the_finding_and_names_it(
    deciding: Decider, history: History, case: str
) -> None:
    record_finding(history, case, MEI, ABUSE)
    appeal(history, case, LEO, "the photo is of another parcel")
    deciding.score_again(case)
    view = view_case(history, case)
    assert state_of(view) == "appealed"
    found = finding_of(view)
    assert found is not None
    assert (found["verdict"], found["decided_by"]) == ("abuse", "reviewer")
    made = dossier(history, case)
    assert "is under appeal: abuse, refused" in made["statement"]["en"]
    assert [one["verdict"] for one in made["findings"]] == ["abuse"], "what rests is no finding"
    assert made["ruling_asked"]["code"] == "open", "nothing is asked for on what rests"
    assert "what was found" not in made["account"]["en"]


@pytest.mark.parametrize("state", ["open", "appealed"])
@pytest.mark.parametrize("conditions", [[], ["merchant_consent"]])
def test_nothing_is_accepted_that_somebody_still_decides(
    state: State, conditions: list[str]
) -> None:
    made = {"tier": "approve", "required_evidence": [], "reasons": [], "conditions": conditions}
    for told in (
        account(made, load(), state),
        account({**made, "conditions": ["merchant_consent"]}, load()),
    ):
        assert not any(word in text for text in told.values() for word in ACCEPTED)
    assert "accepted" in account({**made, "conditions": []}, load())["en"]


@pytest.mark.parametrize(
    ("asked", "amount", "wanted"),
    [
        ("refund_only", 1_000_000, ("refunded", "100.00")),
        ("price_adjustment", 1_000_000, ("refunded", "100.00")),
        ("refund_only", 0, (None, None)),
        ("exchange", 0, ("exchanged", None)),
        ("repair", 0, (None, None)),
        ("resend", 0, (None, None)),
    ],
)
def test_a_request_is_settled_as_it_asks(
    history: History, asked: str, amount: int, wanted: tuple[str | None, str | None]
) -> None:
    open_case(history, "R-1")
    view = view_case(history, "R-1")
    view.record.request.update(type=asked, amount=amount)
    assert settled_as_asked(view) == wanted
