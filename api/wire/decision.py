"""The Decision in OpenAPI, and what a scoring call is sent."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from api.wire.facts import MOST, example, ref
from risk.decisions.decision import Decision
from risk.decisions.decision import example as example_decision
from risk.facts import MEMBERS

SCORE: dict[str, Any] = {
    "type": "object",
    "description": "A refund request with what is known around it; what is new is stored.",
    "required": ["refund"],
    "additionalProperties": False,
    "properties": {
        "refund": ref("Refund"),
        "order": {"type": ["array", "null"], "items": ref("OrderLine"), "maxItems": MOST},
        "shipments": {"type": ["array", "null"], "items": ref("Shipment"), "maxItems": MOST},
        "evidence": {"type": ["array", "null"], "items": ref("Evidence"), "maxItems": MOST},
        "inspection": {"anyOf": [ref("Inspection"), {"type": "null"}]},
    },
}

DECISION_EXAMPLE = example_decision()


def decision_schemas() -> dict[str, dict[str, Any]]:
    """The schema of the Decision and of each of its parts, by name."""
    template = "#/components/schemas/{model}"
    whole = TypeAdapter(Decision).json_schema(mode="serialization", ref_template=template)
    parts: dict[str, dict[str, Any]] = whole.pop("$defs")
    return {"Decision": whole, **parts}


def _only(name: str, schema: str) -> dict[str, Any]:
    return {"type": "object", "required": [name], "properties": {name: ref(schema)}}


VERDICT_OF_ONE: dict[str, Any] = {
    "description": "The Decision about one of many, or why there is none.",
    "oneOf": [
        {"title": "Decided", **_only("decision", "Decision")},
        {"title": "Undecided", **_only("problem", "Problem")},
    ],
}


def score_example(*, short: bool = False) -> dict[str, Any]:
    """A body for the scoring call; `short` is a request about an order that is stored already."""
    if short:
        return {"refund": example("refunds", short=True)}
    body: dict[str, Any] = {}
    for member in ("refund", "order", "shipments", "evidence"):
        kind = MEMBERS[member]
        fact = example(kind.name)
        body[member] = fact if kind.single else [fact]
    body["shipments"][0].pop("refund_id")
    return body
