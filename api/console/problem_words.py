"""What is wrong with a form, in the reader's language and by the labels on the form."""

from __future__ import annotations

from api.console.localisation import Locale
from api.console.translations import translate
from risk.errors import Conflict, Problem
from risk.explain.code_labels import LABELS
from risk.problem_phrases import Phrase, said, say, text_of

_LABELS = {
    "note": "act_why", "resolution": "act_resolution", "amount": "act_amount",
    "verdict": "act_finding", "cause": "act_cause", "text": "act_ask_text", "kind": "act_ask_kind",
    "from": "act_ask_from", "to": "act_assign_to", "asks": "act_list_asks", "days": "act_list_days",
    "expires_at": "act_list_days", "name": "people_name", "password": "people_password",
    "zone": "people_zone", "role": "people_role", "team": "people_team", "code": "factor_code",
    "old": "account_old", "state": "find_state", "tier": "filter_tier", "reason": "filter_reason",
    "type": "filter_type", "merchant": "filter_merchant", "due": "filter_due",
    "amount_from": "filter_from", "amount_to": "filter_to", "ring": "filter_ring",
    "audit": "filter_audit", "order": "filter_order", "q": "search", "title": "saved_title",
}  # fmt: skip
"""The label of a form's field, by the name that a problem has."""

_CODES = {
    "kind": ("evidence", "suggestion"), "from": ("from",), "verdict": ("verdict",),
    "resolution": ("resolution",), "tier": ("tier",), "reason": ("reason",), "type": ("type",),
}  # fmt: skip
"""Where the codes of a field have labels: in the first of these tables that has one."""

_WORDS = {
    "order": "order_{}", "due": "tab_{}", "state": "state_{}", "role": "role_{}",
}  # fmt: skip
"""The words of the pages for the codes of a field."""


def problem_words(locale: Locale, problem: Problem) -> str:
    """A problem of a form: the field's label, and what is expected of it."""
    field = problem.field or ""
    key = _LABELS.get(field)
    named = translate(key, locale.language) if key else field or "–"
    expected = _expected(locale, field, problem.expected)
    return translate("problem", locale.language, field=named, expected=expected)


def conflict_words(locale: Locale, conflict: Conflict) -> str:
    """Why an act is not possible any more."""
    return said(text_of(conflict), locale.language)


def _expected(locale: Locale, field: str, expected: str) -> str:
    choices = expected.values.get("choices") if isinstance(expected, Phrase) else None
    if isinstance(choices, list):
        named = [_named(locale, field, code) for code in choices]
        return say("one_of", {"choices": named}, locale.language)
    return locale.said(said(expected, locale.language))


def _named(locale: Locale, field: str, code: str) -> str:
    """What the pages call a code of a field."""
    if field in _WORDS:
        return translate(_WORDS[field].format(code), locale.language)
    table = next((one for one in _CODES.get(field, ()) if code in LABELS[one]), None)
    return locale.within(table, code) if table else code
