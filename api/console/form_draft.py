"""What a form held when it could not be taken: shown again, and sent by a click once it can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import Response

from api.console.session import Stale, Visit, form, safe_back
from api.console.templating import ROOT, url

SAID: Mapping[str, tuple[str, str | None]] = {
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
    "title": ("view_title", None),
    "name": ("people_name", None),
    "shown": ("people_shown", None),
}
"""What people write into forms: the word for it, and the table that words its codes."""

_NEVER = frozenset({"guard", "password", "back", "to", "held"})
_DOOR = (f"{ROOT}/login", f"{ROOT}/logout")


@dataclass(frozen=True, slots=True)
class Held:
    """The address a form was for, and its fields; no password and no guard among them."""

    to: str
    fields: Mapping[str, str]

    @property
    def written(self) -> dict[str, str]:
        """What somebody wrote or chose; forms of a mere button have nothing."""
        return {name: self.fields[name] for name in SAID if self.fields.get(name, "").strip()}

    @property
    def back(self) -> str:
        """The page the form stood on: its case, else the queue."""
        refund_id = self.fields.get("id")
        return url("case", id=refund_id) if refund_id else url()

    def packed(self) -> str:
        return urlencode(self.fields)


def unpacked(to: str, packed: str) -> Held | None:
    """A form as `packed` by us and sent along with a login; None for anything else."""
    within = safe_back(to) == to and not to.startswith(_DOOR)
    fields = {k: v for k, v in parse_qsl(packed, keep_blank_values=True) if k not in _NEVER}
    held = Held(to, fields)
    return held if within and held.written else None


async def held_by(request: Request) -> Held | None:
    """The form of this request, where it was sent from a page of ours; None for any other.

    Browsers say where a form stood; what other sites send is never kept.
    """
    origin = urlsplit(request.headers.get("origin", "")).netloc
    if request.method != "POST" or not origin or origin != request.headers.get("host"):
        return None
    try:
        fields = await form(request)
    except Stale:
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    kept = {name: value for name, value in fields.items() if name not in _NEVER}
    return Held(request.url.path + query, kept)


def again(visit: Visit, held: Held) -> Response:
    """The page that shows what a form held and offers to send it with the guard of today."""
    said = [
        (word, visit.locale.label(table, held.written[name]) if table else held.written[name])
        for name, (word, table) in SAID.items()
        if name in held.written
    ]
    return visit.page("again.html", held=held, said=said)
