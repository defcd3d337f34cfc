"""The acts of one press: of whom, with which words, and none that does not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from risk import policy
from risk.cases import (
    Actor,
    CaseView,
    call_customer,
    claim,
    offer_alternative,
    request_evidence,
    view_case,
)
from risk.cases.steps.courier_words import COURIER
from risk.cases.steps.next_act_words import CALL, CUSTOMER, SHOP
from risk.cases.steps.next_acts import next_acts
from risk.cases.steps.offer_words import OFFER, OFFER_FOUND, WHICH
from risk.cases.steps.questions import answer_by, in_the_day
from risk.errors import BadInput, Conflict
from risk.facts.localised import LANGUAGES, LocalisedText
from risk.facts.units import HOUR_MS
from risk.history.store import History
from risk.policy.next_step_sentences import TEXTS
from tests.case_rows import open_case

MEI = Actor("mei")
NAMES = ("order", "refund", "money", "asked", "reason", "until", "offer", "this", "other")
VALUES = {name: name for name in (*NAMES, "by", "found")}


def seen(history: History, refund_id: str, step: str, action: str, **more: Any) -> CaseView:
    """A case whose decision recommends a step."""
    decision = {
        "required_evidence": [], "suggestions": [],
        "recommended": {"action": action, "text": TEXTS[step]}, **more,
    }  # fmt: skip
    view = view_case(history, refund_id)
    return replace(view, record=replace(view.record, decisions=[decision]))


def acts(view: CaseView) -> list[tuple[str, str, str]]:
    return [(act.name, act.of, act.kind) for act in next_acts(view) if act.recommended]


@pytest.mark.parametrize(
    ("step", "action", "wanted"),
    [
        ("record", "ask_courier", ("ask", "courier", "document")),
        ("astray", "ask_courier", ("ask", "courier", "document")),
        ("consent", "ask_merchant", ("ask", "merchant", "chat")),
        ("dispatch", "ask_merchant", ("ask", "merchant", "chat")),
        ("order", "ask_merchant", ("ask", "merchant", "chat")),
        ("open", "ask_merchant", ("ask", "merchant", "video")),
        ("look", "wait", ("ask", "merchant", "photo")),
        ("inspect", "wait", ("ask", "customer", "chat")),
        ("amount", "call", ("call", "customer", "chat")),
        ("pictures", "ask_merchant", ("ask", "merchant", "video")),
        ("call", "call", ("call", "customer", "chat")),
        ("pay", "pay", ("settle", "customer", "refunded")),
        ("heard", "pay", ("settle", "customer", "refunded")),
    ],
)
def test_the_recommended_step_is_one_act_of_the_right_person(
    history: History, step: str, action: str, wanted: tuple[str, str, str]
) -> None:
    open_case(history, "R-1")
    assert acts(seen(history, "R-1", step, action)) == [wanted]


def test_of_what_may_be_no_original_shop_and_customer_are_asked(history: History) -> None:
    open_case(history, "R-1")
    found = acts(seen(history, "R-1", "authentic", "ask_merchant"))
    assert found == [("ask", "merchant", "document"), ("ask", "customer", "chat")]


def test_a_parcel_to_be_stopped_asks_courier_and_shop(history: History) -> None:
    open_case(history, "R-1")
    found = acts(seen(history, "R-1", "stop", "ask_courier"))
    assert found == [("ask", "courier", "document"), ("ask", "merchant", "chat")]


@pytest.mark.parametrize(("step", "action"), [("settled", "wait"), ("pay_found", "pay")])
def test_what_one_press_cannot_do_has_no_button(history: History, step: str, action: str) -> None:
    open_case(history, "R-1")
    assert acts(seen(history, "R-1", step, action)) == []


def test_a_repair_is_not_settled_as_a_refund(history: History) -> None:
    open_case(history, "R-1")
    view = seen(history, "R-1", "pay", "pay")
    repair = replace(view, record=replace(view.record, request={**view.record.request,
                                                                "type": "repair"}))  # fmt: skip
    assert acts(repair) == []


def test_what_was_asked_is_not_offered_again(history: History) -> None:
    open_case(history, "R-1")
    request_evidence(history, "R-1", MEI, kind="document", source="courier", text="where is it?")
    assert acts(seen(history, "R-1", "record", "ask_courier")) == []
    call_customer(history, "R-1", MEI, "when may we call?")
    assert acts(seen(history, "R-1", "call", "call")) == []
    offer_alternative(history, "R-1", MEI, kind="voucher", text="a voucher?", amount="5")
    found = next_acts(seen(history, "R-1", "offer", "offer", suggestions=["voucher", "repair"]))
    assert [act.kind for act in found] == ["repair"]
    row = view_case(history, "R-1").row
    assert row is not None
    assert row["asked_at"] is not None


def test_a_question_that_the_decision_asks_itself_is_not_asked_twice(history: History) -> None:
    open_case(history, "R-1")
    asked = [{"kind": "document", "from": "courier", "text": {"en": "a", "zh": "b"}}]
    assert acts(seen(history, "R-1", "record", "ask_courier", required_evidence=asked)) == []


@pytest.mark.parametrize("amount", ["", "0", "-1", "100.01", "much"])
def test_an_offer_of_money_says_how_much_within_what_is_asked(
    history: History, amount: str
) -> None:
    open_case(history, "R-1")
    with pytest.raises(BadInput):
        offer_alternative(history, "R-1", MEI, kind="partial_refund", text="so", amount=amount)
    assert view_case(history, "R-1").events == []


def test_an_offer_is_kept_with_amount_and_currency_and_is_of_who_holds_the_case(
    history: History,
) -> None:
    open_case(history, "R-1")
    offer_alternative(history, "R-1", MEI, kind="partial_refund", text="so", amount="20")
    told = view_case(history, "R-1").events[-1]["body"]
    assert (told["amount"], told["currency"], told["kind"]) == ("20.00", "CNY", "partial_refund")
    claim(history, "R-1", MEI)
    with pytest.raises(Conflict):
        offer_alternative(history, "R-1", Actor("leo"), kind="repair", text="so")
    with pytest.raises(BadInput):
        offer_alternative(history, "R-1", MEI, kind="money", text="so")


def test_words_belong_to_steps_and_threaten_no_customer() -> None:
    assert {*COURIER, *SHOP, *CALL, *CUSTOMER, *WHICH} <= set(TEXTS)
    forbidden = policy.load().wording.forbidden
    for words in (COURIER, SHOP, CALL, CUSTOMER, WHICH, {"offer": OFFER}, {"found": OFFER_FOUND}):
        for text in words.values():
            filled: LocalisedText = {one: text[one].format(**VALUES) for one in LANGUAGES}
            to_customer = words in (CALL, CUSTOMER, WHICH) or text in (OFFER, OFFER_FOUND)
            assert not (to_customer and forbidden.found_in(filled)), filled


@pytest.mark.parametrize(("hours", "by"), [(5, 3.5), (48, 36), (0.2, 0.15), (0, 0), (-2, -2)])
def test_who_is_asked_answers_before_the_customer_is_answered(hours: float, by: float) -> None:
    assert answer_by(0, int(hours * HOUR_MS)) == int(by * HOUR_MS)


@pytest.mark.parametrize(
    ("asked", "by", "due", "moved"),
    [
        ((1, 9), (2, 6, 30), (3, 0), (1, 21)),
        ((1, 22), (2, 6, 30), (2, 18), (2, 9)),
        ((1, 22), (2, 6, 30), (2, 9), (2, 6, 30)),
        ((1, 9), (2, 15, 30), (3, 0), (2, 15, 30)),
        ((1, 9), (2, 21), (3, 0), (2, 21)),
        ((1, 9), (2, 23), (3, 12), (2, 21)),
        ((1, 22), (1, 23), (2, 18), (2, 9)),
    ],
)
def test_nobody_is_asked_to_answer_at_night(
    asked: tuple[int, ...], by: tuple[int, ...], due: tuple[int, ...], moved: tuple[int, ...]
) -> None:
    def at(when: tuple[int, ...]) -> datetime:
        day, hour, minute = (*when, 0)[:3]
        return datetime(2026, 12, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))

    asked_at, by_at, due_at = (int(at(one).timestamp() * 1_000) for one in (asked, by, due))
    assert in_the_day(by_at, at(by), asked_at, due_at) == int(at(moved).timestamp() * 1_000)
