"""What a system that pushes to us is: how it proves itself and how its messages are told apart."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from api.hooks.table import Table
from api.problems import Trouble
from api.response import Answer, answer
from risk.webhooks.endpoints import Endpoint

REPLAY_S = 300
"""How far a signed time may be from ours."""


@dataclass(frozen=True, slots=True)
class Push:
    """A call as it came: the raw body, headers by lower-case name, our clock in seconds."""

    raw: bytes
    headers: Mapping[str, str]
    now: float


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a push: its id where it has one, its topic, its content."""

    message_id: str | None
    topic: str
    payload: Any


Verify = Callable[[Push, Endpoint, Table], None]
Open = Callable[[Push, Any], Sequence[Message]]


@dataclass(frozen=True, slots=True)
class System:
    """`verify` raises Trouble (401); `messages` takes the push and its parsed body."""

    name: str
    verify: Verify
    messages: Open
    says: Callable[[Mapping[str, Any]], Answer] = answer

    def table(self) -> str:
        """The mapping table that comes with it."""
        folder = files("api.hooks").joinpath("tables")
        return folder.joinpath(f"{self.name}.toml").read_text(encoding="utf-8")


def refuse() -> Trouble:
    """Not theirs: which part was wrong is nobody's business."""
    return Trouble("unauthenticated", "the signature or secret of this endpoint does not fit")


def equal(given: str | bytes, wanted: str | bytes) -> bool:
    """Whether the two are the same; takes as long either way."""
    return hmac.compare_digest(*(_bytes(value) for value in (given, wanted)))


def must_equal(given: str | bytes, wanted: str | bytes) -> None:
    """Raises Trouble (401) unless the two are the same."""
    if not equal(given, wanted):
        raise refuse()


def _bytes(value: str | bytes) -> bytes:
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value


def must_be_now(moment: float, now: float) -> None:
    """Raises Trouble (401) for a signed time outside the window in which it may be repeated."""
    if not abs(now - moment) <= REPLAY_S:
        raise refuse()
