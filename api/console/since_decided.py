"""What became known of a case since its decision, in a sentence: a page shows both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.console.localisation import Locale
from api.console.translations import translate
from risk.cases import CaseView
from risk.cases.steps.approvals import is_to_do
from risk.cases.steps.next_acts import next_acts
from risk.cases.steps.questions import asked_since_decided, asked_until, open_questions
from risk.facts.localised import LISTED
from risk.facts.parse import parse_time
from risk.facts.revisions import FOREVER

NEW = ("evidence", "shipments", "inspections", "outcomes", "payment_disputes")
"""Kinds of facts of the case itself that are counted."""


def since_decided(locale: Locale, view: CaseView) -> str:
    """What came since the latest decision; empty before the first, and where it knows all."""
    decided = view.decided_at
    if decided is None:
        return ""
    told = [
        translate(f"case_since_{name}", locale.language, count=count)
        for name, count in _counts(view, decided)
        if count
    ]
    told += _asked(locale, view)
    if not told:
        return ""
    return translate("case_since", locale.language, what=LISTED[locale.language].join(told))


def _asked(locale: Locale, view: CaseView) -> Iterator[str]:
    """Whom somebody asked since the decision, and when, where their answer is not in it."""
    for whom, event in asked_and_unanswered(view).items():
        time = locale.time(event["at"])
        yield translate(f"case_since_asked_{whom}", locale.language, time=time)


def waiting_step(locale: Locale, view: CaseView) -> str:
    """The next step of a case or an approval whose next step is with somebody who was asked
    already; empty elsewhere."""
    if view.asked_there is not None:
        there = view.asked_there
        key = "case_answered_there" if there.answered else "case_asked_there"
        time = locale.time(there.at)
        return translate(key, locale.language, refund=there.refund_id, time=time)
    action = ((view.decision or {}).get("recommended") or {}).get("action", "")
    if view.decision is None or action in ("pay", "wait"):
        return ""
    asked, open_still = asked_and_unanswered(view), _still_to_ask(view)
    if asked and open_still:
        return _ask_too(locale, view, asked, open_still)
    whom = action.removeprefix("ask_") if action.startswith("ask_") else "customer"
    event = asked.get(whom)
    if event is None:
        return ""
    due = parse_time(view.decision["respond_by"])
    due = asked_until(view, whom, event["at"], due)
    time, until = locale.time(event["at"]), locale.time(due)
    return translate(f"case_asked_{whom}", locale.language, time=time, until=until)


def _still_to_ask(view: CaseView) -> list[str]:
    """Those whom the decision would have asked as well, and nobody has."""
    acts = (act.of for act in next_acts(view) if act.name == "ask" and act.recommended)
    return list(dict.fromkeys((*(one["from"] for one in open_questions(view)), *acts)))


def _ask_too(
    locale: Locale, view: CaseView, asked: Mapping[str, Mapping[str, Any]], others: list[str]
) -> str:
    """Whom to ask beside the one who was asked last."""
    language = locale.language
    last = max(asked, key=lambda whom: int(asked[whom]["at"]))
    at, due = int(asked[last]["at"]), parse_time((view.decision or {})["respond_by"])
    first = translate(f"case_who_{last}", language)
    return translate(
        "case_ask_too",
        language,
        who=LISTED[language].join(translate(f"case_who_{one}", language) for one in others),
        asked=first[:1].upper() + first[1:],
        time=locale.time(at),
        until=locale.time(asked_until(view, last, at, due)),
    )


def asked_and_unanswered(view: CaseView) -> dict[str, Mapping[str, Any]]:
    """By whom was asked (or called, or offered something) since the decision, the latest of it."""
    if not (view.is_open or is_to_do(view)):
        return {}
    since = 0 if view.row else view.decided_at or 0
    events = {
        event["body"].get("from") or "customer": event
        for event in asked_since_decided(view)
        if event["at"] >= since
    }
    return {
        whom: event
        for whom, event in events.items()
        if not any(
            item["submitted_by"] == whom and item["known_at"] > event["at"]
            for item in view.record.evidence
        )
    }


def new_in_decision(locale: Locale, view: CaseView) -> str:
    """What the latest decision on an open case knew that the one before did not; empty where that
    is nothing."""
    decisions, decided = view.record.decisions, view.decided_at
    if decided is None or len(decisions) < 2 or not view.is_open:
        return ""
    before = parse_time(decisions[-2]["as_of"])
    told = [
        translate(f"case_since_{name}", locale.language, count=count)
        for name, count in _own_counts(view, before, decided)
        if count
    ]
    what, time = LISTED[locale.language].join(told), locale.time(before)
    return translate("case_new_in", locale.language, what=what, time=time) if told else ""


def _counts(view: CaseView, decided: int) -> Iterator[tuple[str, int]]:
    record = view.record
    yield from _own_counts(view, decided, FOREVER)
    yield "requests", _later(record.requests, decided)
    yield "orders", len({row["order_id"] for row in record.orders if row["known_at"] > decided})


def _own_counts(view: CaseView, since: int, until: int) -> Iterator[tuple[str, int]]:
    """The facts of the case itself that became known after one moment and not after another."""
    record = view.record
    for kind in NEW:
        yield kind, _later(record.facts[kind], since, until)
    stated = [{**row, "known_at": _stated(row)} for row in (record.request, *record.lines)]
    yield "corrected", _later(stated, since, until)


def _stated(row: dict[str, Any]) -> int:
    """When a row came to say what it does (ms): a correction counts from its own moment."""
    return int(row["valid_from"] if row["revision"] > 1 else row["known_at"])


def _later(rows: list[dict[str, Any]], since: int, until: int = FOREVER) -> int:
    return sum(since < row["known_at"] <= until for row in rows)
