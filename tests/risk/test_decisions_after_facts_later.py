"""When open cases are decided again: nothing is lost in between, and nobody is asked twice."""

from __future__ import annotations

from pathlib import Path

import pytest

import risk
from risk.cases import view_case
from risk.cases.actor import Actor
from risk.cases.acts.actions import request_evidence
from risk.cases.steps.approvals import ask_of_approval
from risk.cases.steps.next_acts import next_acts
from risk.cases.steps.questions import open_questions
from risk.decisions import after_finding
from risk.decisions.after_finding import decide_found
from risk.decisions.decide import Decider
from risk.errors import BadInput
from risk.facts.format import iso
from risk.facts.units import DAY_MS
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.store import History
from risk.policy import Policies, load
from tests.deciders import body, bundle, decider, scored
from tests.risk.open_cases import latest, lost, missing, row

MEI = Actor("mei")
POLICY = Path(risk.__file__).parent / "policy.toml"


@pytest.fixture
def deciding(history: History) -> Decider:
    """Calls a person for everything that no rule settles."""
    return decider(history, model=bundle(0, 5.0))


def test_nothing_is_lost_between_facts_and_decision(
    deciding: Decider, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever ends after the facts were stored leaves the mark; another service decides, however
    much later."""
    one = missing(deciding)
    ingest(history, "shipments", [lost(one)])
    other = Decider(history, Policies(load(None)))
    assert other.champion is None
    other.refresh()
    monkeypatch.setattr(after_finding, "now_ms", lambda: now_ms() + 5 * DAY_MS)
    assert decide_found(other) == 1
    assert decide_found(deciding) == 0


def test_what_cannot_be_decided_keeps_nobody_waiting(
    deciding: Decider, history: History, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A policy that lost the rate of a currency: its case waits behind the others."""
    monkeypatch.setattr(after_finding, "AT_ONCE", 1)
    one, other = body(), missing(deciding)
    one["order"][0]["currency"] = "JPY"
    scored(deciding, one)
    (file := tmp_path / "policy.toml").write_text(
        POLICY.read_text("utf-8").replace("JPY = 0.046\n", ""), "utf-8"
    )
    deciding.policies = Policies(load(file))
    for each in (one, other):
        ingest(history, "shipments", [lost(each)])
    with pytest.raises(BadInput):
        decide_found(deciding)
    assert decide_found(deciding) == 1
    assert row(history, one)["facts_at"] is not None


def test_a_question_is_asked_once_whatever_comes_meanwhile(history: History) -> None:
    """A scan that changes nothing leaves the question asked; an answer does not."""
    one = body(reason_code="counterfeit", amount="5000.00")
    one["order"][0]["amount"] = "5000.00"
    trusting = decider(history, "2", bundle(0, -20.0))
    first = scored(trusting, one)
    assert [item["from"] for item in first["required_evidence"]] == ["merchant"]
    name = one["refund"]["refund_id"]
    request_evidence(history, name, MEI, kind="document", source="merchant")
    assert open_questions(view_case(history, name)) == []
    scan = {"order_id": one["order"][0]["order_id"], "status": "out_for_delivery"}
    ingest(history, "shipments", [{**scan, "occurred_at": iso(now_ms() - 3 * DAY_MS)}])
    assert decide_found(trusting) == 1
    view = view_case(history, name)
    assert len(view.record.decisions) == 2
    assert open_questions(view) == []
    assert ("ask", "merchant") not in {(act.name, act.of) for act in next_acts(view)}
    answer = {"evidence_id": f"A-{name}", "refund_id": name, "kind": "document",
              "submitted_by": "merchant", "submitted_at": iso(now_ms())}  # fmt: skip
    ingest(history, "evidence", [answer])
    assert decide_found(trusting) == 1
    answered = view_case(history, name)
    assert open_questions(answered) == [], "what the shop gave is looked at first"
    assert (answered.decision or {})["recommended"]["step"] == "purchase"


def test_an_approval_is_decided_again_once_whom_somebody_asked_has_answered(
    history: History,
) -> None:
    """What the shop says is in the decision without another call of the caller."""
    trusting = decider(history, model=bundle(0, -6.0), audits=False)
    one = body(reason_code="defective", claims_received=True)
    first = scored(trusting, one)
    assert (first["tier"], first["conditions"]) == ("approve", ["merchant_consent"])
    refund = one["refund"]["refund_id"]

    def given(kind: str, by: str) -> None:
        item = {"evidence_id": f"{refund}-{by}", "refund_id": refund, "kind": kind,
                "submitted_by": by, "submitted_at": iso(now_ms())}  # fmt: skip
        ingest(history, "evidence", [item])

    given("chat", "customer")
    assert decide_found(trusting) == 0, "nobody was asked: whoever sent it calls again"
    asked = {"kind": "chat", "from": "merchant", "text": "Do you agree?"}
    assert ask_of_approval(history, refund, MEI, asked)
    given("declined", "merchant")
    assert decide_found(trusting) == 1
    again = latest(trusting, one)
    assert again["recommended"]["step"] == "shop_declined"
    assert decide_found(trusting) == 0
