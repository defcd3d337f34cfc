"""A case in two sentences: what is claimed, and what the record says."""

from __future__ import annotations

from api.console.localisation import Locale
from api.console.translations import translate
from risk.cases import CaseView
from risk.cases.timeline_entry import TimelineEntry
from risk.cases.timeline_sentences import render_entry


def claim_sentence(locale: Locale, view: CaseView) -> str:
    """What is asked, why, and about which order."""
    request, lines, language = view.record.request, view.record.lines, locale.language
    asked = translate(
        "case_told",
        language,
        day=locale.day(request["requested_at"]),
        type=locale.label("type", request["type"]),
        reason=locale.label("reason", request["reason_code"]),
        money=locale.money(request["amount"], view.currency),
    )
    if not lines:
        return asked + translate("case_told_no_order", language)
    kinds = dict.fromkeys(locale.label("category", line["category"]) for line in lines)
    return asked + translate(
        "case_told_order",
        language,
        day=locale.day(lines[0]["placed_at"]),
        what=translate("list_comma", language).join(list(kinds)[:3]),
        money=locale.money(sum(line["amount"] for line in lines), view.currency),
    )


def record_sentences(locale: Locale, view: CaseView) -> list[str]:
    """Where the goods are by the record, what an inspection found, and what was given."""
    own = [entry for entry in view.timeline if entry.own]
    parcels = [entry for entry in own if entry.kind == "parcel"]
    told = [_told(locale, entry) for entry in _latest(parcels)]
    asked_at = view.record.request["requested_at"]
    if not any(row["occurred_at"] <= asked_at for row in view.record.parcels):
        told.insert(0, translate("case_not_sent", locale.language))
    told += [_told(locale, entry) for entry in own if entry.kind == "inspection"][:1]
    given = len(view.record.evidence)
    key = "case_given_one" if given == 1 else "case_given"
    return [*told, translate(key if given else "case_given_none", locale.language, count=given)]


def _latest(parcels: list[TimelineEntry]) -> list[TimelineEntry]:
    """The latest of the parcel to the customer and of the one back."""
    there = [entry for entry in parcels if not entry.text.startswith("parcel_back")]
    back = [entry for entry in parcels if entry.text.startswith("parcel_back")]
    return [max(some, key=lambda entry: entry.at) for some in (there, back) if some]


def _told(locale: Locale, entry: TimelineEntry) -> str:
    return f"{render_entry(entry, locale.language, locale.money).strip()}, {locale.day(entry.at)}"
