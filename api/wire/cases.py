"""A case in OpenAPI, and as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.wire.decision import DECISION_EXAMPLE
from api.wire.facts import fact_schemas, ref
from risk.facts import OUTCOMES, REASONS, TYPES
from risk.facts.format import iso, money
from risk.policy import TIERS

_TIMES = (
    "respond_by", "requested_at", "opened_at", "decided_at", "closed_at", "asked_at",
    "escalated_at", "appealed_at", "held_until",
)  # fmt: skip
_AS_THEY_ARE = (
    "refund_id", "order_id", "customer_id", "merchant_id", "state", "tier", "stage",
    "probability", "currency", "type", "reason_code", "headline", "audit", "verdict", "found_by",
    "held_by", "decision_id",
)  # fmt: skip


def write_case(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the queue with times and money as the outside world reads them."""
    case = {name: row.get(name) for name in _AS_THEY_ARE}
    case["amount"] = money(row["amount"])
    case["linked"] = {"customers": row["linked"], "confirmed_fraud": row["linked_fraud"]}
    for name in _TIMES:
        case[name] = None if row[name] is None else iso(row[name])
    return case


def _maybe(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


_TEXT = {"type": "string"}
_TIME = {"type": "string", "format": "date-time"}
_OUTCOME = fact_schemas()[OUTCOMES.schema]["properties"]

CASE: dict[str, Any] = {
    "type": "object",
    "description": "A refund request that needs, or needed, a person.",
    "required": [*_AS_THEY_ARE, *_TIMES, "amount", "linked"],
    "properties": {
        **{name: _maybe(_TEXT) for name in _AS_THEY_ARE},
        **{name: _maybe(_TIME) for name in _TIMES},
        "refund_id": _TEXT,
        "state": {"type": "string", "enum": ["open", "closed"]},
        "tier": {"type": "string", "enum": list(TIERS)},
        "probability": {"type": "number", "minimum": 0, "maximum": 1},
        "amount": {"type": "string"},
        "headline": ref("Text"),
        "audit": {"type": "boolean", "description": "drawn at random, so that others are learned"},
        "linked": {
            "type": "object",
            "required": ["customers", "confirmed_fraud"],
            "properties": {
                "customers": {"type": "integer"},
                "confirmed_fraud": {"type": "integer"},
            },
        },
        "held_by": {**_maybe(_TEXT), "description": "who works on it, until `held_until`"},
    },
}
PAGE: dict[str, Any] = {
    "type": "object",
    "required": ["cases", "next"],
    "properties": {
        "cases": {"type": "array", "items": ref("Case")},
        "next": {**_maybe(_TEXT), "description": "send it as `cursor`; null on the last page"},
    },
}
WHOLE_CASE: dict[str, Any] = {
    "type": "object",
    "required": ["case", "decision", "events", "dossier"],
    "properties": {
        "case": ref("Case"),
        "decision": {**_maybe(ref("Decision")), "description": "the latest"},
        "events": {
            "type": "array",
            "description": "what was done on it, oldest first",
            "items": {
                "type": "object",
                "required": ["at", "who", "action", "body"],
                "properties": {
                    "at": _TIME, "who": _TEXT, "action": _TEXT, "body": {"type": "object"},
                },
            },
        },
        "dossier": {
            "type": "object",
            "description": "for the platform: the facts in time order, evidence, rules, wording",
        },
    },
}  # fmt: skip
FINDING: dict[str, Any] = {
    "type": "object",
    "description": "What was found. `decided_by` is what the key says; it may be left out.",
    "required": ["verdict"],
    "additionalProperties": False,
    "properties": {
        name: _OUTCOME[name] for name in ("verdict", "resolution", "amount", "note", "decided_by")
    },
}

CASE_EXAMPLE: dict[str, Any] = {
    **{name: DECISION_EXAMPLE.get(name) for name in (*_AS_THEY_ARE, *_TIMES)},
    "order_id": "O-1001",
    "customer_id": "C-17",
    "merchant_id": "M-3",
    "state": "open",
    "type": "refund_only",
    "reason_code": "defective",
    "amount": "199.00",
    "audit": False,
    "headline": DECISION_EXAMPLE["reasons"][0]["text"],
    "linked": {"customers": 1, "confirmed_fraud": 0},
    "requested_at": "2026-03-05T01:30:00.000+00:00",
    "opened_at": "2026-03-05T01:30:04.120+00:00",
}


def _choice(name: str, text: str, *choices: str) -> dict[str, Any]:
    return _free(name, text, type="string", enum=list(choices))


def _free(name: str, text: str, **schema: Any) -> dict[str, Any]:
    """A filter; one that is left empty is none."""
    schema = schema or {"type": "string", "maxLength": 200}
    return {
        "name": name, "in": "query", "description": text, "schema": schema,
        "allowEmptyValue": True,
    }  # fmt: skip


FILTERS: tuple[dict[str, Any], ...] = (
    _choice("state", "`open` without it", "open", "closed"),
    _choice("tier", "what was decided", *TIERS),
    _choice("reason", "the reason's code", *REASONS),
    _choice("type", "what is asked", *TYPES),
    _choice("due", "how near the deadline is", "overdue", "soon", "day"),
    _choice("order", "`rank` without it: money and time", "rank", "deadline", "money", "newest"),
    _free("merchant", "the merchant's id"),
    _free("currency", "ISO 4217"),
    _free("amount_from", "in major units", type="string", pattern=r"^\d{1,12}(\.\d{1,4})?$"),
    _free("amount_to", "in major units", type="string", pattern=r"^\d{1,12}(\.\d{1,4})?$"),
    _free("audit", "drawn at random", type="boolean"),
    _free("appealed", "under appeal", type="boolean"),
    _free("escalated", "put ahead", type="boolean"),
    _free("held", "`free`, or who holds it"),
    _free("q", "the id of a request, order or customer; looks through closed cases too"),
    _free("limit", "cases a page", type="integer", minimum=1, maximum=200, default=50),
    _free("cursor", "`next` of the page before", type="string"),
)
