"""Who acts on a case, and the checks of the free text they write."""

from __future__ import annotations

from dataclasses import dataclass

from risk.errors import BadInput, Problem
from risk.problem_phrases import phrase

MAX_TEXT = 5_000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `decides_as` are the values of `decided_by` they may use, the default first.

    A person uses `reviewer`, or `appeal` where the case is under appeal; an API key its own.
    """

    name: str
    decides_as: tuple[str, ...] = ("reviewer", "appeal")


def checked_text(text: str, name: str) -> str:
    """The text without surrounding blanks. Raises BadInput where it is empty or too long."""
    stripped = text.strip()
    if not stripped:
        raise BadInput([Problem("cases", None, name, phrase("few_words"), phrase("got_nothing"))])
    if len(stripped) > MAX_TEXT or "\x00" in stripped:
        expected = phrase("at_most_text", count=MAX_TEXT)
        raise BadInput([Problem("cases", None, name, expected, f"{len(stripped)} characters")])
    return stripped
