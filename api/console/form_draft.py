"""Drafts of forms sent after the session expired: shown again after login, sent by a click."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import Response

from api.console.session import PageContext, RejectedForm, form_fields, safe_address
from api.console.templating import ROOT, url
from api.problems import ProblemError

FIELD_LABELS: Mapping[str, tuple[str, str | None]] = {
    "verdict": ("act_finding", "verdict"),
    "resolution": ("act_resolution", "resolution"),
    "amount": ("act_amount", None),
    "note": ("act_why", None),
    "kind": ("act_ask_kind", "evidence"),
    "from": ("act_ask_from", "from"),
    "text": ("act_ask_text", None),
    "list": ("act_list_kind", "listing"),
    "days": ("act_list_days", None),
    "asks": ("act_list_asks", "asks"),
    "cause": ("act_cause", None),
    "title": ("saved_title", None),
    "name": ("people_name", None),
    "shown": ("people_shown", None),
}
"""Fields that people fill in: the key of the label, and the table of labels of its codes."""

_EXCLUDED = frozenset({"csrf_token", "password", "back", "to", "draft"})
_LOGIN_PATHS = (f"{ROOT}/login", f"{ROOT}/logout")


@dataclass(frozen=True, slots=True)
class FormDraft:
    """The address a form was sent to, and its fields without password and CSRF token."""

    to: str
    fields: Mapping[str, str]

    @property
    def entered(self) -> dict[str, str]:
        """What somebody filled in; empty for a form that is only a button."""
        return {
            name: self.fields[name] for name in FIELD_LABELS if self.fields.get(name, "").strip()
        }

    @property
    def back(self) -> str:
        """The page of the form: its case, else the queue."""
        refund_id = self.fields.get("id")
        return url("case", id=refund_id) if refund_id else url()

    def pack(self) -> str:
        """The fields as one string, for a hidden field of the login form."""
        return urlencode(self.fields)


def unpack(to: str, packed: str) -> FormDraft | None:
    """The draft that `pack` made, sent along with a login; None for anything else."""
    within = safe_address(to) == to and not to.startswith(_LOGIN_PATHS)
    fields = {k: v for k, v in parse_qsl(packed, keep_blank_values=True) if k not in _EXCLUDED}
    draft = FormDraft(to, fields)
    return draft if within and draft.entered else None


async def draft_of(request: Request) -> FormDraft | None:
    """The draft of a request's form; None where it was not sent from a page of the console.

    The `Origin` header tells: forms from other sites are dropped.
    """
    origin = urlsplit(request.headers.get("origin", "")).netloc
    if request.method != "POST" or not origin or origin != request.headers.get("host"):
        return None
    try:
        fields = await form_fields(request)
    except (RejectedForm, ProblemError):
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    kept = {name: value for name, value in fields.items() if name not in _EXCLUDED}
    return FormDraft(request.url.path + query, kept)


def draft_page(context: PageContext, draft: FormDraft) -> Response:
    """The page that shows a draft and sends it with the CSRF token of the present session."""
    entered = [
        (key, context.locale.label(table, draft.entered[name]) if table else draft.entered[name])
        for name, (key, table) in FIELD_LABELS.items()
        if name in draft.entered
    ]
    return context.page("draft.html", draft=draft, entered=entered)
