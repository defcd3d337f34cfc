"""The acts of one press as the case page shows them: words filled in, whether they are pushed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import sqlalchemy as sa

from api.console.case_reference import reference
from api.console.case_summary import asked_for
from api.console.localisation import Locale
from api.console.translations import translate, translations
from risk.cases import CaseView
from risk.cases.customers.customer_language import customer_language
from risk.cases.steps.next_acts import WITH_AMOUNT, NextAct, next_acts, settled_as_asked
from risk.cases.steps.questions import asked_until, open_questions
from risk.facts.format import money
from risk.facts.localised import BETWEEN, LANGUAGES, Language, LocalisedText
from risk.facts.parse import parse_time
from risk.webhooks.subscriptions import EventName, is_taken

EVENT_OF: dict[str, EventName] = {
    "ask": "case.asked", "call": "case.call_asked", "offer": "case.offered",
}  # fmt: skip


class ReadyWords(NamedTuple):
    """Words to send in a `language`, and the same in the reader's where that is another."""

    text: str
    language: Language
    reading: str = ""


@dataclass(frozen=True, slots=True)
class NextForm:
    """An act with its words: a customer's in their language, others' in the reader's. `amount` is
    what a settlement pays, or an offer comes to, in major units; `asks_amount` whether the reviewer
    names one."""

    act: NextAct
    words: ReadyWords
    amount: str
    asks_amount: bool


def next_forms(locale: Locale, view: CaseView) -> list[NextForm]:
    """The forms of the acts that fit a case now."""
    return [_form(locale, view, act) for act in next_acts(view)]


Question = tuple[Mapping[str, Any], ReadyWords]


def question_forms(locale: Locale, view: CaseView) -> Iterator[Question]:
    """What the decision asks of others and nobody has asked yet, with the words."""
    asking = translations()["act_ask_words"]
    conditions = (view.decision or {}).get("conditions", ())
    for question in open_questions(view):
        text = {
            language: words.format(text=question["text"][language].rstrip(".。"))
            for language, words in asking.items()
        }
        if question["from"] == "merchant" and "merchant_consent" in conditions:
            consent = translations()["act_ask_consent"]
            text = {one: BETWEEN[one].join((text[one], consent[one])) for one in LANGUAGES}
        if question["from"] != "customer":
            by = translations()["act_ask_by"]
            text = {one: BETWEEN[one].join((text[one], by[one])) for one in LANGUAGES}
        yield question, _words(locale, view, question["from"], _about(locale, view, text))


def _form(locale: Locale, view: CaseView, act: NextAct) -> NextForm:
    amount = (settled_as_asked(view)[1] or "") if act.name == "settle" else ""
    if act.amount is not None:
        amount = money(act.amount, view.currency)
    text = _about(locale, view, act.text) if act.name == "ask" else act.text
    words = _words(locale, view, act.of, text) if text else ReadyWords("", locale.language)
    return NextForm(act, words, amount, act.name == "offer" and act.kind in WITH_AMOUNT)


def _words(locale: Locale, view: CaseView, of: str, text: LocalisedText) -> ReadyWords:
    mine = _filled(locale, view, of, text)
    theirs = customer_language(view.record).language if of == "customer" else locale.language
    if theirs == locale.language:
        return ReadyWords(mine, theirs)
    return ReadyWords(_filled(replace(locale, language=theirs), view, of, text), theirs, mine)


def _about(locale: Locale, view: CaseView, text: LocalisedText) -> LocalisedText:
    """Words to ask with, after what they are about."""
    about = {one: reference(replace(locale, language=one), view) for one in LANGUAGES}
    escaped = {one: said.replace("{", "{{").replace("}", "}}") for one, said in about.items()}
    return {one: BETWEEN[one].join((escaped[one], text[one])) for one in LANGUAGES}


def _filled(locale: Locale, view: CaseView, of: str, text: LocalisedText) -> str:
    request, due = view.record.request, _respond_by(view)
    if due is not None:
        due = asked_until(view, of, view.now, due)
    other = next(iter(view.same_goods), None)
    values = {
        "order": request["order_id"],
        "refund": view.refund_id,
        "money": locale.money(request["amount"], view.currency),
        "asked": asked_for(locale, view),
        "reason": locale.within("reason", request["reason_code"]),
        "this": _claim(locale, view, request),
        "other": _claim(locale, view, other)
        if other
        else translate("act_claim_other", locale.language),
        "until": _until(locale, due, view.now),
    }
    return locale.written(text[locale.language].format(**values))


def _claim(locale: Locale, view: CaseView, request: Mapping[str, Any]) -> str:
    """A request as its customer knows it: what was asked, and when."""
    asked, day = asked_for(locale, view, request), locale.day(request["requested_at"])
    return translate("act_claim_of", locale.language, asked=asked, day=day)


def _until(locale: Locale, due: int | None, now: int) -> str:
    """Until when an answer is needed; today where the customer's is late."""
    if due is not None and due < now:
        return translate("act_until_today", locale.language)
    return locale.time(due) if due else "–"


def _respond_by(view: CaseView) -> int | None:
    """Until when the customer has an answer (ms); an approval has no row of the queue."""
    if view.row:
        return int(view.row["respond_by"])
    said = (view.decision or {}).get("respond_by")
    return None if said is None else parse_time(said)


def pushed_acts(connection: sa.Connection, view: CaseView) -> set[str]:
    """The acts about a case that some receiver takes as a push."""
    merchant = view.record.lines[0]["merchant_id"] if view.record.lines else None
    return {act for act, event in EVENT_OF.items() if is_taken(connection, event, merchant)}
