"""Systems whose mapping table says how they sign and where their messages stand."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from risk.errors import Malformed
from risk.facts.parse import is_empty
from risk.facts.strict_json import parse_json
from risk.problem_phrases import phrase
from risk.webhooks.endpoints import Endpoint
from risk.webhooks.field_values import value_at
from risk.webhooks.mapping_table import MappingTable
from risk.webhooks.signature_settings import EnvelopeSettings, SignatureSettings
from risk.webhooks.systems.system import (
    Message,
    System,
    WebhookRequest,
    is_equal,
    must_be_now,
    must_equal,
    refused,
)

_IN_HEADER = "header:"


def signed_system(name: str) -> System:
    """The system of a name whose table says everything."""
    return System(name, _verify, _messages)


def _verify(request: WebhookRequest, endpoint: Endpoint, table: MappingTable) -> None:
    settings = table.signature
    key = _key(endpoint.secret, settings)
    if settings.item_fields:
        _verify_items(request, key, settings, table.envelope)
        return
    header = request.headers.get(settings.header.lower(), "") if settings.header else ""
    parts = _parts(header)
    given = parts.get(settings.part, []) if settings.part else [header]
    signed_at = _signed_at(request, settings, parts)
    wanted = settings.prefix + _digest(key, _signed(request, settings, signed_at), settings)
    if not header or not any(is_equal(one.strip(), wanted) for one in given):
        raise refused()
    if settings.timestamp or settings.timestamp_part:
        must_be_now(_moment(signed_at, settings), request.now, settings.window_s)


def _verify_items(
    request: WebhookRequest, key: bytes, settings: SignatureSettings, envelope: EnvelopeSettings
) -> None:
    """Each message of the request carries a signature of its own."""
    try:
        items = _items(parse_json(request.raw), envelope)
    except Malformed:
        raise refused() from None
    for item in items:
        fields = [value_at(item, path) for path in settings.item_fields]
        signed = ":".join("" if is_empty(value) else str(value) for value in fields)
        wanted = _digest(key, signed.encode("utf-8", "surrogatepass"), settings)
        must_equal(str(value_at(item, settings.item_signature)), wanted)
    if not items:
        raise refused()


def _key(secret: str, settings: SignatureSettings) -> bytes:
    try:
        if settings.secret == "hex":
            return bytes.fromhex(secret)
        if settings.secret == "base64":
            return base64.b64decode(secret, validate=True)
    except (ValueError, binascii.Error):
        raise refused() from None
    return secret.encode()


def _parts(header: str) -> dict[str, list[str]]:
    """The members of a header such as `t=1,v1=a,v1=b`."""
    found: dict[str, list[str]] = {}
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        found.setdefault(name, []).append(value)
    return found


def _signed_at(
    request: WebhookRequest, settings: SignatureSettings, parts: Mapping[str, Sequence[str]]
) -> str:
    if settings.timestamp_part:
        return next(iter(parts.get(settings.timestamp_part, [])), "")
    return request.headers.get(settings.timestamp.lower(), "") if settings.timestamp else ""


def _signed(request: WebhookRequest, settings: SignatureSettings, signed_at: str) -> bytes:
    """What the signature covers: the template with the request's parts in it."""
    before, _, after = settings.signed.partition("{body}")
    texts = {"{timestamp}": signed_at, "{method}": "POST", "{url}": settings.url}
    for name, value in texts.items():
        before, after = before.replace(name, value), after.replace(name, value)
    head, tail = (text.encode("utf-8", "surrogateescape") for text in (before, after))
    return head + request.raw + tail


def _digest(key: bytes, signed: bytes, settings: SignatureSettings) -> str:
    digest = hmac.digest(key, signed, settings.algorithm)
    return digest.hex() if settings.encoding == "hex" else base64.b64encode(digest).decode()


def _moment(signed_at: str, settings: SignatureSettings) -> float:
    """A signed time in seconds: a number, or ISO 8601. Raises Unauthenticated."""
    try:
        if signed_at.isdecimal():
            return float(signed_at) / (1000 if settings.timestamp_unit == "ms" else 1)
        return datetime.fromisoformat(signed_at).timestamp()
    except (ValueError, OverflowError):
        raise refused() from None


def _items(body: Any, envelope: EnvelopeSettings) -> list[Any]:
    """The messages of a body. Raises Malformed where there is no list of them."""
    found = value_at(body, envelope.messages) if envelope.messages else body
    if envelope.messages and not isinstance(found, list):
        raise Malformed(phrase("messages_at", place=envelope.messages))
    items = found if isinstance(found, list) else [found]
    return [value_at(item, envelope.item) if envelope.item else item for item in items]


def _messages(request: WebhookRequest, body: Any, table: MappingTable) -> Sequence[Message]:
    envelope = table.envelope

    def read(item: Any, path: str) -> str:
        if path.startswith(_IN_HEADER):
            return request.headers.get(path.removeprefix(_IN_HEADER).lower(), "")
        found = value_at(item, path) if path else None
        return "" if is_empty(found) else str(found)

    return [
        Message(
            read(item, envelope.id) or None,
            ".".join(filter(None, (read(item, path) for path in envelope.topic))),
            item,
            read(item, envelope.subject),
            signed_id=envelope.signed_ids,
        )
        for item in _items(body, envelope)
    ]
