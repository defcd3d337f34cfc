"""What can go wrong, in a few families; one place in `api` turns them into HTTP answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class RefundRiskError(Exception):
    """Base of every error this product raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one value: where it stands, what was expected, what was found.

    `row` counts from 0 within a list sent to the API and is the file's line number on import.
    """

    kind: str
    row: int | None
    field: str | None
    expected: str
    got: str = ""

    def __str__(self) -> str:
        where = self.kind
        if self.row is not None:
            where += f" row {self.row}"
        if self.field:
            where += f" field {self.field}"
        found = f", got {self.got}" if self.got else ""
        return f"{where}: expected {self.expected}{found}"


class BadInput(RefundRiskError):
    """Something sent to us does not mean what the contract says it must."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        super().__init__(f"{self.problems[0]}{more}")


class Conflict(RefundRiskError):
    """A fact under a key that already holds another content, or a claim somebody else has."""


class NotFound(RefundRiskError):
    """Nothing is known under this name."""


class Forbidden(RefundRiskError):
    """The caller may not say or see this."""


class Unavailable(RefundRiskError):
    """It would work later: overloaded, or not ready to score."""


class ModelRefused(RefundRiskError):
    """A model that cannot be served: a feature is missing, changed, or a byte was altered."""


class PolicyRefused(RefundRiskError):
    """A policy file that cannot be used, with the lines at fault."""


class CatalogueError(RefundRiskError):
    """An entry of the feature catalogue that cannot be compiled; names the entry."""
