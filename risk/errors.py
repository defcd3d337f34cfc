"""The families of errors; `api.problems` is the one place that turns them into HTTP responses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from risk.problem_phrases import Phrase, phrase


def first_line(error: Exception) -> str:
    """What is wrong, of a database without the statement and where to read on.

    >>> first_line(ValueError("no such table"))
    'no such table'
    """
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


class RefundRiskError(Exception):
    """Base class of the product's own errors."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value: where it is, what was expected, what was found.

    `row` counts from 0 within a list sent to the API and is the file's line number on import;
    `ahead_ms` is how far a time is ahead of this machine's clock, where that is what is wrong.
    """

    kind: str
    row: int | None
    field: str | None
    expected: str
    got: str = ""
    ahead_ms: int = 0

    def __str__(self) -> str:
        return str(self.said())

    def said(self) -> Phrase:
        """All of it as one sentence."""
        place = {"row": self.row} if self.row is not None else {}
        named = {"field": self.field} if self.field else {}
        where = phrase("_".join(("place", *place, *named)) if place or named else "place_kind",
                       kind=self.kind, **place, **named)  # fmt: skip
        if self.got:
            return phrase("problem_at_got", where=where, expected=self.expected, got=self.got)
        return phrase("problem_at", where=where, expected=self.expected)


class BadInput(RefundRiskError):
    """Input that breaks the contract, with every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        super().__init__(f"{self.problems[0]}{more}")

    @property
    def ahead_ms(self) -> int:
        """How far times are ahead of this machine's clock, in ms; 0 where something else is wrong
        too."""
        ahead = [problem.ahead_ms for problem in self.problems]
        return max(ahead) if all(ahead) else 0


class Malformed(RefundRiskError):
    """Something sent to us that cannot be read at all: not JSON, not UTF-8, nested too deeply."""


class UnsupportedMediaType(RefundRiskError):
    """A file of a type that is not taken in, or of another than was declared."""


class Conflict(RefundRiskError):
    """A fact whose key is stored with other content, or a case that somebody else has claimed."""


class NotFound(RefundRiskError):
    """There is nothing with this id."""


class Unauthenticated(RefundRiskError):
    """Whoever sent this has not proved who they are."""


class Forbidden(RefundRiskError):
    """The caller is not allowed to do or see this; where one value is why, `problem` names it."""

    def __init__(self, text: str, problem: Problem | None = None) -> None:
        self.problem = problem
        super().__init__(text)


class Unavailable(RefundRiskError):
    """Temporary: overloaded, or not ready to score; the same call may succeed later."""


class ModelRefused(RefundRiskError):
    """A model bundle that cannot be served: a missing or changed feature, or a wrong digest."""


class PolicyRefused(RefundRiskError):
    """An invalid policy file, with the lines at fault."""


class CurrencyWithoutRate(PolicyRefused):
    """A policy has no rate for the currency of a case."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        super().__init__(f"currency.rates: no rate for {currency}")


class CatalogueError(RefundRiskError):
    """An entry of the feature catalogue that does not compile; names the entry."""
