"""A case's customer in a sentence or two: what they wrote, what else they ordered and asked for."""

from __future__ import annotations

from collections.abc import Iterator

from api.console.localisation import Locale
from api.console.translations import translate
from risk.cases import CaseView
from risk.facts.localised import BETWEEN
from risk.facts.units import DAY_MS
from risk.policy.lanes import FAULT_REASONS

SHOWN_LETTERS = 140
"""So much of the customer's words is quoted above; the whole stands below."""


def lane_sentence(locale: Locale, view: CaseView) -> str:
    """What the right of return means here; empty outside it."""
    if (view.decision or {}).get("lane") != "no_reason":
        return ""
    reason = view.record.request["reason_code"]
    if reason == "unwanted" and view.record.inspections:
        return translate("case_lane_inspected", locale.language)
    fault = "case_lane_fault" if reason in FAULT_REASONS else "case_lane_other"
    return translate("case_lane" if reason == "unwanted" else fault, locale.language)


def customer_sentence(locale: Locale, view: CaseView) -> str:
    """What else this customer ordered and asked for, and what was found; empty for nobody."""
    record = view.record
    if not record.customer_id:
        return ""
    found = [row["label"] for row in record.requests if row["label"] is not None]
    found += [0 for row in record.requests if row["label"] is None and row["audited"]]
    counts = {
        "orders": len({row["order_id"] for row in record.orders}),
        "requests": len(record.requests),
        "abusive": sum(found),
        "honest": len(found) - sum(found),
    }
    if record.requests:
        key = "case_customer_record" if found else "case_customer_unfound"
    else:
        key = "case_customer_orders" if record.orders else "case_customer_new"
    told = translate(key, locale.language, **counts)
    return BETWEEN[locale.language].join((told, *_standing(locale, view)))


def _standing(locale: Locale, view: CaseView) -> Iterator[str]:
    """How old the account was, and the group of customers it is in."""
    request, line = view.record.request, view.record.lines[0]
    if line["account_created_at"] is not None:
        days = max(0, request["requested_at"] - line["account_created_at"]) // DAY_MS
        yield translate("case_account_age", locale.language, days=days, age=locale.number(days))
    if line["customer_tier"]:
        group = locale.label("customer_tier", line["customer_tier"])
        yield translate("case_customer_group", locale.language, group=group)


def first_words(view: CaseView) -> str:
    """The beginning of what the customer wrote, on one line."""
    text = " ".join((view.record.request["reason_text"] or "").split())
    return text if len(text) <= SHOWN_LETTERS else f"{text[:SHOWN_LETTERS].rstrip()}…"
