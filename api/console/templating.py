"""Templates and static files of the console, loaded once, and the addresses of its pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import quote_plus

from jinja2 import Environment, PackageLoader, StrictUndefined

from api.console.table_labels import labelled
from api.console.time_elements import due, moment
from risk.access.sign_on import SignOn
from risk.facts.units import SECOND_MS
from risk.history.store import History
from risk.settings import Settings

ROOT = "/console"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
STATIC = {
    name: _TYPES[name[name.rindex(".") :]]
    for name in (
        "console.css", "tables.css", "case.css", "overview.css", "windows.css",
        "console.js", "live.js", "search.js", "pictures.js", "icon.svg",
    )
}  # fmt: skip
"""Static files in the order in which a page names them, with their media types."""


@dataclass(frozen=True)
class ConsoleResources:
    """What every page uses: the store, the templates, the static files by name, the identity
    provider where there is one, whether administrators need a second factor, and for how long a
    finding can be undone."""

    history: History
    templates: Environment
    static: dict[str, bytes]
    sign_on: SignOn | None = None
    second_factor: bool = False
    undo_ms: int = 0

    @classmethod
    def open(cls, history: History, settings: Settings) -> ConsoleResources:
        """Read the static files and prepare the templates; nothing is read from disk later."""
        folder = files("api.console").joinpath("static")
        static = {name: folder.joinpath(name).read_bytes() for name in STATIC}
        templates = Environment(
            loader=PackageLoader("api.console"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        templates.filters["labelled"] = labelled
        sign_on = SignOn(settings.sign_on) if settings.sign_on else None
        templates.globals.update(
            url=url,
            asset=_asset(static),
            static_files=tuple(STATIC),
            len=len,
            has_sign_on=sign_on is not None,
            time_element=moment,
            due_element=due,
        )
        undo_ms = settings.undo_seconds * SECOND_MS
        return cls(history, templates, static, sign_on, settings.second_factor, undo_ms)


def _asset(static: dict[str, bytes]) -> Callable[[str], str]:
    """The address of a static file, with a digest of its content, so that it may be cached."""
    digests = {
        name: hashlib.blake2b(content, digest_size=6).hexdigest()
        for name, content in static.items()
    }
    return lambda name: f"{ROOT}/static/{name}?v={digests[name]}"


def url(page: str = "", **query: object) -> str:
    """The address of a page of the console; empty parameters are left out."""
    path = f"{ROOT}/{page}" if page else ROOT
    given = [
        f"{name}={quote_plus(str(value))}"
        for name, value in query.items()
        if value not in (None, "", False)
    ]
    return f"{path}?{'&'.join(given)}" if given else path
