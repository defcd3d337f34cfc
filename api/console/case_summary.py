"""A case in two sentences: what is claimed, and what the record says."""

from __future__ import annotations

from api.console.localisation import Locale
from api.console.translations import translate
from risk.cases import CaseView
from risk.cases.timeline_entry import TimelineEntry
from risk.cases.timeline_sentences import render_entry
from risk.facts import UNRECEIVED_REASONS

_LISTED = {"en": ", ", "zh": "、"}
_STOPS = {"en": "; ", "zh": "；"}


def claim_sentence(locale: Locale, view: CaseView) -> str:
    """What is asked, why, and about which order."""
    request, lines, language = view.record.request, view.record.lines, locale.language
    asked = translate(
        "case_told",
        language,
        day=locale.day(request["requested_at"]),
        type=locale.label("type", request["type"]),
        reason=locale.within("reason", request["reason_code"]),
        money=locale.money(request["amount"], view.currency),
    )
    if not lines:
        return _joined(language, asked, translate("case_told_no_order", language))
    kinds = dict.fromkeys(locale.within("category", line["category"]) for line in lines)
    order = translate(
        "case_told_order",
        language,
        day=locale.day(lines[0]["placed_at"]),
        what=_LISTED[language].join(list(kinds)[:3]),
        money=locale.money(sum(line["amount"] for line in lines), view.currency),
    )
    return _joined(language, asked, order)


def _joined(language: str, *sentences: str) -> str:
    return ("" if language == "zh" else " ").join(sentences)


def record_sentences(locale: Locale, view: CaseView) -> str:
    """Where the goods are by the record, what an inspection found, and what was given."""
    own = [entry for entry in view.timeline if entry.own]
    parcels = [entry for entry in own if entry.kind == "parcel"]
    told = [_told(locale, entry) for entry in _latest(parcels)]
    if _is_early(view):
        told.insert(0, translate("case_not_sent", locale.language))
    told += [_told(locale, entry) for entry in own if entry.kind == "inspection"][:1]
    given = len(view.record.evidence)
    key = "case_given_one" if given == 1 else "case_given"
    told.append(translate(key if given else "case_given_none", locale.language, count=given))
    return _STOPS[locale.language].join(told) + ("。" if locale.language == "zh" else ".")


def _is_early(view: CaseView) -> bool:
    """Whether something is said not to have come that nobody had sent."""
    request, rules = view.record.request, (view.decision or {}).get("rules", ())
    sent = any(row["occurred_at"] <= request["requested_at"] for row in view.record.parcels)
    by_code = any(rule["id"] == "code_record" for rule in rules)
    return request["reason_code"] in UNRECEIVED_REASONS and not sent and not by_code


def _latest(parcels: list[TimelineEntry]) -> list[TimelineEntry]:
    """The latest of the parcel to the customer and of the one back."""
    there = [entry for entry in parcels if not entry.text.startswith("parcel_back")]
    back = [entry for entry in parcels if entry.text.startswith("parcel_back")]
    return [max(some, key=lambda entry: entry.at) for some in (there, back) if some]


def _told(locale: Locale, entry: TimelineEntry) -> str:
    return f"{render_entry(entry, locale.language, locale.money).strip()}, {locale.day(entry.at)}"
