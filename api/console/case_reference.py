"""What words to send are about, as whoever is asked finds it: the order, the article, and when its
parcels were sent and delivered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.console.case_summary import SHOWN_LINES, article
from api.console.localisation import Locale
from api.console.translations import translate
from risk.cases import CaseView
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
    """When parcels were sent, with whom, and when they were delivered."""
    for status in ("shipped", "delivered"):
        of_status = [one for one in events if one["status"] == status]
        days = dict.fromkeys(locale.day(one["occurred_at"]) for one in of_status)
        couriers = dict.fromkeys(
            locale.label("courier", one["courier"]) for one in of_status if one["courier"]
        )
        if not days:
            continue
        by = status == "shipped" and couriers
        yield translate(
            f"act_about_{status}_by" if by else f"act_about_{status}",
            locale.language,
            day=LISTED[locale.language].join(days),
            courier=LISTED[locale.language].join(couriers),
        )
