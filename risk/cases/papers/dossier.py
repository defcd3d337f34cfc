"""The dossier of a request for the platform: the ruling asked for, facts in time order, evidence,
rules, statements.

It names no other customer and contains no probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from risk import policy
from risk.cases.papers.customer_account import account
from risk.cases.papers.ruling_asked import platform_rules, ruling_asked
from risk.cases.papers.standing_finding import rests, state_of
from risk.cases.papers.statements import Zone, statement
from risk.cases.record.case_view import CaseView, read_case_view
from risk.cases.record.timeline_entry import TimelineEntry
from risk.cases.record.timeline_sentences import render_entry
from risk.explain.code_labels import label
from risk.facts.format import iso, local_minute, money_text
from risk.facts.localised import LANGUAGES, LocalisedText
from risk.findings import PEOPLE
from risk.history.store import History
from risk.policy.lanes import local_time

_INTERNAL = frozenset({"action", "decision"})


def dossier(history: History, refund_id: str) -> dict[str, Any]:
    """The dossier of a request as plain JSON values. Raises NotFound."""
    with history.read() as connection:
        view = read_case_view(connection, refund_id)
    used = view.policy
    zone = partial(local_time, used or policy.load(), _merchant(view))
    return {
        "refund_id": refund_id,
        "made_at": iso(view.now),
        "subject": _subject(view),
        "ruling_asked": ruling_asked(view),
        "statement": statement(view, zone),
        "facts": [_fact(entry, zone) for entry in view.timeline[::-1] if _belongs(entry)],
        "evidence": [_evidence(view, item) for item in view.record.evidence],
        "rules": _rules(view, used),
        "platform_rules": platform_rules(view.decision, used),
        "linked": _linked(view),
        "findings": [
            _finding(row)
            for row in view.record.outcomes
            if row["decided_by"] in PEOPLE and not rests(row)
        ],
        "account": account(view.decision, used or policy.load(), state_of(view)),
    }


def _belongs(entry: TimelineEntry) -> bool:
    return entry.own and (entry.kind not in _INTERNAL or entry.text == "asked")


def _subject(view: CaseView) -> dict[str, Any]:
    request = view.record.request
    return {
        "order_id": request["order_id"],
        "merchant_id": _merchant(view),
        "type": request["type"],
        "reason_code": request["reason_code"],
        "reason_text": request["reason_text"],
        "amount": money_text(request["amount"], view.currency),
        "requested_at": iso(request["requested_at"]),
    }


def _merchant(view: CaseView) -> str | None:
    lines = view.record.lines
    return lines[0]["merchant_id"] if lines else None


def _fact(entry: TimelineEntry, zone: Zone) -> dict[str, Any]:
    return {
        "at": iso(entry.at),
        "local": local_minute(zone(entry.at)),
        "kind": entry.kind,
        "text": {language: render_entry(entry, language) for language in LANGUAGES},
    }


def _evidence(view: CaseView, item: Mapping[str, Any]) -> dict[str, Any]:
    placed = view.record.lines[0]["placed_at"] if view.record.lines else None
    captured = item["captured_at"]
    return {
        "kind": item["kind"],
        "submitted_by": item["submitted_by"],
        "submitted_at": iso(item["submitted_at"]),
        "captured_at": None if captured is None else iso(captured),
        "before_order": None if captured is None or placed is None else captured < placed,
        "in_other_requests": len(view.record.reuse.get(item["evidence_id"], ())),
    }


def _rules(view: CaseView, used: policy.Policy | None) -> list[dict[str, Any]]:
    """The rules of the latest decision, each with its source in law or policy."""
    if view.decision is None:
        return []
    merchant, found = _merchant(view), []
    for rule in view.decision["rules"]:
        words = used.words(merchant).get(rule["id"]) if used else None
        found.append({"id": rule["id"], "text": rule["text"], "source": words and words.source})
    return found


def _linked(view: CaseView) -> dict[str, Any]:
    """Counts only: of the customer's own history, and of those linked to them."""
    found = [row["label"] for row in view.record.requests if row["label"] is not None]
    found += [0 for row in view.record.requests if row["label"] is None and row["audited"]]
    linked = dict(view.decision["linked"]) if view.decision else {}
    own = {
        "orders": len({row["order_id"] for row in view.record.orders}),
        "requests": len(view.record.requests),
        "found_abusive": sum(found),
        "found_in_order": len(found) - sum(found),
    }
    return {"customer": own, "others": linked}


def _finding(row: Mapping[str, Any]) -> dict[str, Any]:
    text: LocalisedText = {
        language: label("verdict", row["verdict"], language) for language in LANGUAGES
    }
    return {
        "at": iso(row["decided_at"]),
        "verdict": row["verdict"],
        "text": text,
        "decided_by": row["decided_by"],
        "resolution": row["resolution"],
        "note": row["note"],
    }
