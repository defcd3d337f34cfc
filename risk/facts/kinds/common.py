"""What the definitions of the kinds are written with: makers of fields, and fields they share."""

from __future__ import annotations

from typing import Any

from risk.facts.fields import Field, Kind


def id_field(name: str, doc: str, *, example: str, **more: Any) -> Field:
    """A field that holds an id or another short text."""
    return Field(name, "id", doc, example=example, **more)


def time_field(name: str, doc: str, *, example: str, **more: Any) -> Field:
    """A field that holds a moment."""
    return Field(name, "time", doc, example=example, **more)


def choice_field(name: str, doc: str, choices: tuple[str, ...], **more: Any) -> Field:
    """A field that holds one of some codes; its example is its default, else the first of them."""
    example = more.get("default") or choices[0]
    return Field(name, "choice", doc, choices=choices, example=example, **more)


KNOWN_AT = time_field(
    "known_at",
    "when this service could first have known it; by the API only with the scope `backdate`",
    example="2026-03-09T10:00:00+08:00",
)
REVISION = Field(
    "revision",
    "count",
    "1 for a fact as it was first stated, more for a correction: of each key the highest counts",
    default=1,
    example=1,
    least=1,
    later=True,
)
ORDER_ID = id_field("order_id", "the order", required=True, example="O-1001")
REFUND_ID = id_field("refund_id", "the request", required=True, example="R-2001")
LINE = "the line of the order"
BOUGHT = "2026-03-01T08:00:00+08:00"
ASKED = "2026-03-05T09:30:00+08:00"
FOUND = "2026-03-12T10:00:00+08:00"


def kind(
    name: str, fields: tuple[Field, ...], key: tuple[str, ...], event_time: str, **more: Any
) -> Kind:
    """A kind of fact with the fields that every kind has."""
    return Kind(name, (*fields, REVISION, KNOWN_AT), key, event_time, **more)
