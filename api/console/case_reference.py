"""What words to send are about, as whoever is asked finds it: the order, the article, and when its
parcels were sent and delivered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.console.case_summary import SHOWN_LINES, article
from api.console.localisation import Locale
from api.console.translations import translate
from risk.cases import CaseView
from risk.cases.record.recommended_step import step_of
from risk.facts.localised import COMMA, LISTED, SEMICOLON


def reference(locale: Locale, view: CaseView) -> str:
    """The order with its article and parcels. A parcel's number is not among it: it is kept in no
    form that could be read."""
    request, language = view.record.request, locale.language
    lines = view.record.lines
    lines = [one for one in lines if one["line_id"] == request["line_id"]] or lines
    dearest = sorted(lines, key=lambda line: -line["amount"])[:SHOWN_LINES]
    what = LISTED[language].join(article(locale, line) for line in dearest)
    key = "act_about" if what else "act_about_order"
    order = translate(key, language, order=request["order_id"], what=what)
    sent = COMMA[language].join((order, *_moves(locale, _outbound(view))))
    back = COMMA[language].join(_moves(locale, _returned(view)))
    parts = [sent]
    if back:
        parts.append(translate("act_about_return", language, refund=view.refund_id, moves=back))
    return translate("act_about_whole", language, told=SEMICOLON[language].join(parts))


_OF_RETURN = ("address", "astray", "lighter", "unconfirmed", "read_return")
"""Steps in which the courier of the return is asked."""


def which_courier(locale: Locale, view: CaseView, step: Mapping[str, Any]) -> str:
    """Which courier is to be asked, where an order has more than one; empty elsewhere."""
    if step["action"] != "ask_courier":
        return ""
    every = {one["courier"] for one in view.record.parcels} - {None}
    returns = step_of(step) in _OF_RETURN
    events = _returned(view) if returns else _in_question(view)
    meant = dict.fromkeys(one["courier"] for one in events if one["courier"])
    if len(every) < 2 or not meant:
        return ""
    names = LISTED[locale.language].join(locale.label("courier", one) for one in meant)
    return translate("case_courier_of", locale.language, courier=names)


def _in_question(view: CaseView) -> Sequence[Mapping[str, Any]]:
    """The outbound events of those couriers of whom a parcel has not come by their own record, or
    of all where each has delivered."""
    events = _outbound(view)
    delivered = {one["courier"] for one in events if one["status"] == "delivered"}
    return [one for one in events if one["courier"] not in delivered] or events


def _outbound(view: CaseView) -> Sequence[Mapping[str, Any]]:
    """The events of the parcels with the goods in question."""
    line = view.record.request["line_id"]
    about = {None, line} if line else None
    return [
        one
        for one in view.record.parcels
        if one["direction"] != "return" and (about is None or one["line_id"] in about)
    ]


def _returned(view: CaseView) -> Sequence[Mapping[str, Any]]:
    of_this = {None, view.refund_id}
    return [
        one
        for one in view.record.parcels
        if one["direction"] == "return" and one["refund_id"] in of_this
    ]


def _moves(locale: Locale, events: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """When parcels were sent, with whom, and when they were delivered: one after another where more
    than one courier has them, so that each knows which is theirs."""
    for parcel in _by_courier(events):
        for status in ("shipped", "delivered"):
            of_status = [one for one in parcel if one["status"] == status]
            if of_status:
                yield _move(locale, status, of_status)


def _by_courier(events: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """The events of each courier's parcels, in the order of time; all together where one has them
    all."""
    in_time = sorted(events, key=lambda event: event["occurred_at"])
    found: dict[object, list[Mapping[str, Any]]] = {}
    for one in in_time:
        found.setdefault(one["courier"], []).append(one)
    return [in_time] if len(found.keys() - {None}) < 2 else list(found.values())


def _move(locale: Locale, status: str, events: Sequence[Mapping[str, Any]]) -> str:
    days = dict.fromkeys(locale.day(one["occurred_at"]) for one in events)
    couriers = dict.fromkeys(
        locale.label("courier", one["courier"]) for one in events if one["courier"]
    )
    return translate(
        f"act_about_{status}_by" if couriers and status == "shipped" else f"act_about_{status}",
        locale.language,
        day=LISTED[locale.language].join(days),
        courier=LISTED[locale.language].join(couriers),
    )
