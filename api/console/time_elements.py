"""The `time` elements of pages: many a page, so each is made of one conversion."""

from __future__ import annotations

from markupsafe import Markup

from api.console.localisation import Locale
from risk.facts.units import HOUR_MS

SOON_MS = 4 * HOUR_MS
"""A deadline that is this near is marked."""


def moment(ms: int, locale: Locale, brief: bool = False) -> Markup:
    """A time; `brief` shows no year that is clear."""
    iso, time, short = locale.time_texts(ms)
    return Markup(f'<time datetime="{iso}" title="{time}">{short if brief else time}</time>')


def due(ms: int, now: int, locale: Locale) -> Markup:
    """A deadline, shown as the time that is left."""
    iso, time, _ = locale.time_texts(ms)
    near = " late" if ms < now else " soon" if ms < now + SOON_MS else ""
    return Markup(
        f'<time class="due{near}" datetime="{iso}" title="{time}" data-due="{ms}">'
        f"{locale.left(ms - now)}</time>"
    )
