"""Receipts: what became of the messages of one push."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from risk.decisions.decision import Decided
from risk.errors import RefundRiskError

COUNTS = ("stored", "known", "repeated", "unheeded", "contradicting", "refused")


@dataclass(slots=True)
class Receipt:
    """What became of messages, with the decisions they led to.

    `refused` says of each refused message why, `messages` are their ids in the inbox; `errors` are
    those that refused them.
    """

    stored: int = 0
    known: int = 0
    repeated: int = 0
    unheeded: int = 0
    contradicting: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    decisions: list[Decided] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    errors: list[RefundRiskError] = field(default_factory=list)

    def content(self) -> dict[str, Any]:
        """The receipt as JSON has it."""
        ids = [decided.decision_id for decided in self.decisions]
        return {name: getattr(self, name) for name in (*COUNTS, "messages")} | {"decisions": ids}

    def add(self, other: Receipt) -> None:
        """Add what became of another message."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
