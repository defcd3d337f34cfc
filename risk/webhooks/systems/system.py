"""The definition of a webhook system: its signature check and how its messages are identified."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from risk.errors import Unauthenticated
from risk.webhooks.endpoints import Endpoint
from risk.webhooks.mapping_table import MappingTable
from risk.webhooks.signature_settings import REPLAY_S


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A request as it came: the raw body, headers by lower-case name, our clock in seconds."""

    raw: bytes
    headers: Mapping[str, str]
    now: float


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a request: its id where it has one, its topic, its content.

    `subject` is the id of what it is about, where the system names one for all its topics;
    `signed_id`: the signature covers the message's id.
    """

    message_id: str | None
    topic: str
    payload: Any
    subject: str = ""
    signed_id: bool = False


Verify = Callable[[WebhookRequest, Endpoint, MappingTable], None]
Split = Callable[[WebhookRequest, Any, MappingTable], Sequence[Message]]


def _as_it_is(content: Mapping[str, Any]) -> Mapping[str, Any]:
    return content


@dataclass(frozen=True, slots=True)
class System:
    """`verify` raises Unauthenticated; `messages` takes the request, its parsed body and the table.

    `acknowledge` makes the system's own answer of what became of its messages. `explains`: whoever
    writes the messages reads the answers, so that a push of which all was refused is answered with
    what is wrong; others send the same again until they give up, and find it in the inbox.
    """

    name: str
    verify: Verify
    messages: Split
    acknowledge: Callable[[Mapping[str, Any]], Mapping[str, Any]] = _as_it_is
    explains: bool = False

    def mapping(self) -> str:
        """The mapping table that comes with it, as TOML."""
        folder = files("risk.webhooks").joinpath("tables")
        return folder.joinpath(f"{self.name}.toml").read_text(encoding="utf-8")


def refused() -> Unauthenticated:
    """Not theirs: which part was wrong is nobody's business."""
    return Unauthenticated("the signature or secret of this endpoint does not fit")


def is_equal(given: str | bytes, wanted: str | bytes) -> bool:
    """Whether the two are the same; takes as long either way."""
    return hmac.compare_digest(*(_bytes(value) for value in (given, wanted)))


def must_equal(given: str | bytes, wanted: str | bytes) -> None:
    """Raises Unauthenticated unless the two are the same."""
    if not is_equal(given, wanted):
        raise refused()


def _bytes(value: str | bytes) -> bytes:
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value


def must_be_now(moment: float, now: float, window: float = REPLAY_S) -> None:
    """Raises Unauthenticated for a signed time outside a window (seconds)."""
    if not abs(now - moment) <= window:
        raise refused()
