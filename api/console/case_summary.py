"""A case in two sentences: what is claimed, and what the record says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.console.localisation import Locale
from api.console.translations import translate
from risk.cases import CaseView
from risk.cases.record.timeline_entry import TimelineEntry
from risk.cases.record.timeline_sentences import render_entry
from risk.decisions.record_told import UNSENT
from risk.explain.code_labels import label
from risk.explain.evidence_given import evidence_given
from risk.facts import NOT_GIVEN, UNRECEIVED_REASONS
from risk.facts.localised import BETWEEN, COMMA, LANGUAGES, LISTED, SEMICOLON, LocalisedText
from risk.facts.units import DAY_MS

SHOWN_LINES = 3
"""So many lines of an order are named, the dearest of them."""

_APART = {"en": ", ", "zh": " "}
_BRACKETS = {"en": " ({})", "zh": "（{}）"}
_PARTS = {"compensation": "case_of_it_compensation", "postage": "case_of_it_postage"}


def asked_for(locale: Locale, view: CaseView, request: Mapping[str, Any] | None = None) -> str:
    """What is asked for, with the amount where there is one, by the case's request or another."""
    request = request or view.record.request
    asked = locale.within("type", request["type"])
    money = [locale.money(request["amount"], view.currency)] if request["amount"] else []
    told = _APART[locale.language].join([asked, *money])
    parts = [
        translate(key, locale.language, money=locale.money(part, view.currency))
        for name, key in _PARTS.items()
        if (part := request.get(name))
    ]
    whole = COMMA[locale.language].join(parts)
    return told + _BRACKETS[locale.language].format(whole) if parts else told


def other_claims(locale: Locale, view: CaseView) -> list[tuple[str, str]]:
    """The other open requests for the same goods: their ids, and what they ask."""
    return [
        (
            one["refund_id"],
            translate(
                "case_same_goods_one",
                locale.language,
                asked=asked_for(locale, view, one),
                reason=locale.within("reason", one["reason_code"]),
                time=locale.time(one["requested_at"]),
            ),
        )
        for one in view.same_goods
    ]


def claim_sentence(locale: Locale, view: CaseView) -> str:
    """What is asked, why, and about which order."""
    request, lines, language = view.record.request, view.record.lines, locale.language
    asked = translate(
        "case_told",
        language,
        day=locale.day(request["requested_at"]),
        asked=asked_for(locale, view),
        reason=locale.within("reason", request["reason_code"]),
    )
    forwarded = [_forwarded(locale, view)] if request["forwarded_by"] else []
    order = _order(locale, view) if lines else translate("case_told_no_order", language)
    shop = lines[0]["merchant_id"] if lines else None
    sold = [translate("case_told_shop", language, shop=shop)] if shop else []
    return BETWEEN[language].join((asked, *forwarded, order, *sold))


def _forwarded(locale: Locale, view: CaseView) -> str:
    """That the platform passed the request on, and by when it wants an answer, if it said so."""
    due = view.record.request["respond_by"]
    key = "case_told_forwarded" if due is None else "case_told_forwarded_by"
    return translate(key, locale.language, time=locale.time(due) if due else "")


def _order(locale: Locale, view: CaseView) -> str:
    """What was ordered; of several lines, how many, and which of them the request is about."""
    lines, language = view.record.lines, locale.language
    asked = [line for line in lines if line["line_id"] == view.record.request["line_id"]]
    values = {
        "day": locale.day(lines[0]["placed_at"]),
        "money": locale.money(sum(line["amount"] for line in lines), view.currency),
        "count": len(lines),
    }
    if len(lines) == 1:
        return translate("case_told_order", language, what=_what(locale, view, lines[0]), **values)
    told = asked or sorted(lines, key=lambda line: -line["amount"])[:SHOWN_LINES]
    values["what"] = LISTED[language].join(_line(locale, view, line) for line in told)
    if asked:
        return translate("case_told_order_line", language, **values)
    more = len(lines) - len(told)
    key = "case_told_order_more" if more else "case_told_order_whole"
    return translate(key, language, more=more, **values)


def _line(locale: Locale, view: CaseView, line: Mapping[str, Any]) -> str:
    money = locale.money(line["amount"], view.currency)
    return f"{_what(locale, view, line)} {money}"


def _what(locale: Locale, view: CaseView, line: Mapping[str, Any]) -> str:
    """The kind of article; of several pieces, how many, and of how many the price is asked."""
    what, count = article(locale, line), line["quantity"] or 1
    if count == 1:
        return what
    asked, rest = divmod((view.record.request["amount"] or 0) * count, line["amount"] or 1)
    part = rest == 0 and 0 < asked < count
    key = "case_pieces_asked" if part else "case_pieces"
    pieces = translate(key, locale.language, count=count, asked=asked)
    return f"{what} ({pieces})" if locale.language == "en" else f"{what}（{pieces}）"


def article(locale: Locale, line: Mapping[str, Any]) -> str:
    """The kind of article, and the shop's own name for it."""
    kind = locale.within("category", line["category"] or line["sku"])
    return f"{kind} {line['sku']}" if line["category"] and line["sku"] else kind


def record_sentences(locale: Locale, view: CaseView) -> str:
    """Where the goods are by the record, what an inspection found, and what was given."""
    own = [entry for entry in view.timeline if entry.own]
    parcels = [entry for entry in own if entry.kind == "parcel" and _is_asked_about(view, entry)]
    told = [_told(locale, entry) for entry in _latest(parcels)]
    if _is_early(view):
        told.insert(0, translate("case_not_sent", locale.language))
    if not _is_inspection_told(view):
        told += [_told(locale, entry) for entry in own if entry.kind == "inspection"][:1]
    told += _evidence(locale, view)
    if not told:
        return ""
    said = SEMICOLON[locale.language].join(told) + ("。" if locale.language == "zh" else ".")
    return said[:1].upper() + said[1:]


def _evidence(locale: Locale, view: CaseView) -> list[str]:
    """What was given, what of it is older than the order or used elsewhere, and what was asked of
    the customer and not given."""
    language, lines = locale.language, view.record.lines
    given = [item for item in view.record.evidence if item["kind"] not in NOT_GIVEN]
    placed = min((line["placed_at"] for line in lines), default=None)
    early = [i for i in given if placed and i["captured_at"] and i["captured_at"] < placed]
    again = [item for item in given if view.record.reuse.get(item["evidence_id"])]
    said = {"case_given_early": len(early), "case_given_again": len(again)}
    counted = evidence_given(((one["kind"], one["submitted_by"]) for one in given), language)
    told = [counted] if given and not _is_in_headline(view, counted, language) else []
    told += [translate(key, language, count=count) for key, count in said.items() if count]
    listed = [COMMA[language].join(told)] if told else []
    kinds = {one["kind"] for one in view.record.evidence if one["submitted_by"] == "customer"}
    for kind, key in (("declined", "case_not_given"), ("unanswered", "case_not_answered")):
        if kind in kinds:
            return [*listed, translate(key, language)]
    return listed


def _is_in_headline(view: CaseView, said: str, language: str) -> bool:
    """Whether the headline of an open case, which stands above, says it already."""
    return view.is_open and view.row is not None and said in view.row["headline"][language]


def _is_inspection_told(view: CaseView) -> bool:
    """Whether the headline of an open case says what was inspected: nothing came since."""
    known, rows = view.decided_at, view.record.inspections
    return view.is_open and known is not None and all(row["known_at"] <= known for row in rows)


def filmed_late(view: CaseView) -> Iterator[LocalisedText]:
    """That the shop took a picture or film only after the delivery, and how long after; of one of
    a return nobody would say it."""
    there = [row for row in view.record.parcels if row["direction"] == "outbound"]
    if len(there) < len(view.record.parcels):
        return
    arrived = min((r["occurred_at"] for r in there if r["status"] == "delivered"), default=None)
    for item in view.record.evidence:
        taken = item["captured_at"] if item["submitted_by"] == "merchant" else None
        if taken and arrived is not None and taken > arrived and item["kind"] not in NOT_GIVEN:
            kinds = {one: label("evidence", item["kind"], one).lower() for one in LANGUAGES}
            days = (taken - arrived) // DAY_MS
            yield {
                one: translate("case_given_late", one, kind=kinds[one], days=days)
                for one in LANGUAGES
            }


def _is_early(view: CaseView) -> bool:
    """Whether something is said not to have come that nobody had sent."""
    request, rules = view.record.request, (view.decision or {}).get("rules", ())
    sent = any(row["occurred_at"] <= request["requested_at"] for row in view.record.parcels)
    unsent = any(rule["id"] in UNSENT for rule in rules)
    return request["reason_code"] in UNRECEIVED_REASONS and not sent and not unsent


def _is_asked_about(view: CaseView, entry: TimelineEntry) -> bool:
    """Whether a parcel may hold what the request is about: none of another line of the order."""
    line = view.record.request["line_id"]
    others = {row["occurred_at"] for row in view.record.parcels if _is_of_another(row, line)}
    own = {row["occurred_at"] for row in view.record.parcels if not _is_of_another(row, line)}
    return entry.at not in others or entry.at in own


def _is_of_another(parcel: Mapping[str, Any], line: str | None) -> bool:
    return line is not None and parcel["line_id"] is not None and parcel["line_id"] != line


def _latest(parcels: list[TimelineEntry]) -> list[TimelineEntry]:
    """The latest of the parcel to the customer and of the one back."""
    there = [entry for entry in parcels if not entry.text.startswith("parcel_back")]
    back = [entry for entry in parcels if entry.text.startswith("parcel_back")]
    return [max(some, key=lambda entry: entry.at) for some in (there, back) if some]


def _told(locale: Locale, entry: TimelineEntry) -> str:
    said = render_entry(entry, locale.language, locale.money).strip()
    return f"{said}{COMMA[locale.language]}{locale.day(entry.at)}"
