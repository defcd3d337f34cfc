"""The result of the gate: what each check found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class GateCheck:
    """The result of one check: its name, whether it passed, and the reason; `interval` is that of a
    difference to the champion, above 0 where the version is better."""

    name: str
    passed: bool
    why: str
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class GateResult:
    """The results of all checks; a version may become champion when every one passed."""

    checks: tuple[GateCheck, ...]

    @property
    def allowed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    def lines(self) -> list[str]:
        """The checks as a list to read: what held, and what did not."""
        return [
            f"{'✓' if check.passed else '✗'} {check.name}: {check.why}" for check in self.checks
        ]

    @property
    def refusals(self) -> tuple[str, ...]:
        """The reasons of the failed checks."""
        return tuple(f"{check.name}: {check.why}" for check in self.checks if not check.passed)

    def to_json(self) -> dict[str, Any]:
        """The result as JSON, for the ledger."""
        return {"allowed": self.allowed, "checks": [asdict(check) for check in self.checks]}
