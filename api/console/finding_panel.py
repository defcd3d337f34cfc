"""What a page of a case says once something was found: finding, next step, message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.console.case_reference import which_courier
from api.console.localisation import Locale
from api.console.since_decided import waiting_step
from api.console.translations import translate
from risk import policy
from risk.cases import CaseView
from risk.cases.papers.standing_finding import finding_of, is_current, paid_amount, state_of
from risk.facts.localised import BETWEEN, COMMA, LANGUAGES
from risk.facts.units import MINUTE_MS
from risk.findings import NEGATIVE_VERDICTS, UNDETERMINED

RENEWED_MS = MINUTE_MS
"""So long after a finding its decision is expected to be made again."""


def after_finding(locale: Locale, view: CaseView) -> dict[str, Any]:
    """What was found, the next step, and the message to the customer in each language, its money
    and times as one writes them. `current` says whether the decision knows of the finding,
    `renewing` that it is about to."""
    current = is_current(view)
    message = view.decision["customer_message"] if view.decision else {}
    locales = {one: Locale(one, "UTC") for one in LANGUAGES}
    settled = {one: settled_message(there, view) for one, there in locales.items()}
    return {
        "found_said": finding_sentence(locale, view),
        "found_why": _cause(view),
        "finding_stands": state_of(view) == "found",
        "next_said": _next_step(locale, view, current=current),
        "current": current,
        "confirms_contact": _confirms_contact(view),
        "settled_so": settled[locale.language],
        "renewing": is_renewing(view),
        "written": {
            one: settled[one] or there.written(message.get(one, ""))
            for one, there in locales.items()
        },
    }


def _next_step(locale: Locale, view: CaseView, *, current: bool) -> str:
    """What whoever works the case does next; empty where nothing is, or not known yet."""
    found, step = finding_of(view), (view.decision or {}).get("recommended")
    if state_of(view) == "found" and found and found["verdict"] == UNDETERMINED:
        return translate("case_step_undetermined", locale.language)
    if step is None or view.ended or not current:
        return ""
    if waiting := waiting_step(locale, view):
        return waiting
    said = locale.said(step["text"][locale.language])
    return BETWEEN[locale.language].join(filter(None, (said, which_courier(locale, view, step))))


def _confirms_contact(view: CaseView) -> bool:
    """Whether what the customer is asked goes to the contact that was known before alone."""
    decision: Mapping[str, Any] = view.decision or {}
    asked = any(one["from"] == "customer" for one in decision.get("required_evidence", ()))
    return asked and any(rule["id"] == "old_contact" for rule in decision["rules"])


def is_renewing(view: CaseView) -> bool:
    """Whether the decision is about to be made again, by what was found, appealed or learned just
    now."""
    row = view.row or {}
    if (learned := row.get("facts_at")) and view.now - learned < RENEWED_MS:
        return True
    changed = max(row.get("closed_at") or 0, row.get("appealed_at") or 0)
    return not is_current(view) and view.now - changed < RENEWED_MS


def finding_sentence(locale: Locale, view: CaseView) -> str:
    """What was found and done, or what is under appeal; empty where nothing is."""
    found = finding_of(view)
    if found is None:
        return ""
    language, paid = locale.language, paid_amount(found, view.record.request["amount"])
    done = [locale.within("resolution", found["resolution"])] if found["resolution"] else []
    done += [locale.money(paid, view.currency)] if paid else []
    return translate(
        "case_appealed" if state_of(view) == "appealed" else "case_found",
        language,
        day=locale.date(found["decided_at"]),
        verdict=locale.within("verdict", found["verdict"]),
        by=locale.within("decided_by", found["decided_by"]),
        how=COMMA[language] + " ".join(done) if done else "",
    )


def _cause(view: CaseView) -> str:
    """Why it is appealed, else why it was found so, in the words that somebody wrote."""
    found = finding_of(view)
    appealed = state_of(view) == "appealed"
    causes = [event["body"]["text"] for event in view.events if event["action"] == "appeal"]
    return causes[-1] if appealed and causes else (found and found["note"]) or ""


def settled_message(locale: Locale, view: CaseView) -> str:
    """The message to a customer where the decision's own would not say what was found and done:
    nothing could be determined, or an honest request was settled otherwise than by money; else
    empty."""
    found = finding_of(view)
    if found is None or state_of(view) != "found" or not _is_settled_otherwise(view, found):
        return ""
    language, hours = locale.language, _reply_hours(view)
    paid = paid_amount(found, view.record.request["amount"])
    asked = view.record.request["amount"]
    done = translate(
        _done(found, paid, asked),
        language,
        amount=locale.money(paid or 0, view.currency),
        asked=locale.money(asked, view.currency),
        rest=locale.money(asked - (paid or 0), view.currency),
    )
    if found["verdict"] == UNDETERMINED:
        return translate("case_message_undetermined", language, done=done, hours=hours)
    said = translate(f"case_message_{found['verdict']}", language)
    return translate("case_message_settled", language, found=said, done=done, hours=hours)


def _done(found: Mapping[str, Any], paid: int | None, asked: int) -> str:
    """The key of the sentence that says what was done."""
    if found["resolution"] == "refused":
        honest = found["verdict"] in NEGATIVE_VERDICTS
        return "case_message_refused_honest" if honest else "case_message_refused"
    if found["resolution"] in ("exchanged", "withdrawn"):
        return f"case_message_{found['resolution']}"
    if paid and paid < asked:
        return "case_message_partly"
    return "case_message_paid" if paid else "case_message_unpaid"


def _reply_hours(view: CaseView) -> int:
    """Within how many hours whoever writes again is answered."""
    used = view.policy or policy.load()
    return used.deadline.reply_hours


def _is_settled_otherwise(view: CaseView, found: Mapping[str, Any]) -> bool:
    """Whether the decision says otherwise than the resolution: those under earlier policies knew
    verdict and amount alone."""
    if found["verdict"] == UNDETERMINED:
        return True
    if view.policy is not None and "found_partly" in view.policy.phrases:
        return False
    asks = "exchanged" if view.record.request["type"] == "exchange" else "refunded"
    other = found["resolution"] in ("exchanged", "refused", "withdrawn")
    return found["verdict"] in NEGATIVE_VERDICTS and other and found["resolution"] != asks
