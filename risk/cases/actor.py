"""Who acts on a case, and the free text they may leave."""

from __future__ import annotations

from dataclasses import dataclass

from risk.errors import BadInput, Problem

LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `decides_as` are the values of `decided_by` they may say, the usual one first.

    A person says `reviewer`, and `appeal` where the case is under appeal; a key what it was given.
    """

    name: str
    decides_as: tuple[str, ...] = ("reviewer", "appeal")


def words(text: str, name: str) -> str:
    """Free text that says something and is not endless. Raises BadInput naming the field."""
    said = text.strip()
    if not said:
        raise BadInput([Problem("cases", None, name, "a few words", "nothing")])
    if len(said) > LONGEST or "\x00" in said:
        expected = f"at most {LONGEST} characters of text"
        raise BadInput([Problem("cases", None, name, expected, f"{len(said)} characters")])
    return said
