"""The Decision in OpenAPI, and what a scoring call is sent."""

from __future__ import annotations

from typing import Any

from api.wire.facts import MOST, example, ref
from risk.facts import MEMBERS
from risk.features.spec import FAMILIES
from risk.policy import TIERS

_STRING = {"type": "string"}
_NUMBER = {"type": "number"}
_TIME = {"type": "string", "format": "date-time"}
_MONEY = {"type": "string", "pattern": r"^\d+\.\d{2,4}$"}


def _object(properties: dict[str, Any], text: str = "") -> dict[str, Any]:
    schema = {"type": "object", "required": list(properties), "properties": properties}
    return {**schema, "description": text} if text else schema


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _choice(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


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

TEXT = _object({"en": _STRING, "zh": _STRING}, "A sentence in English and in Chinese.")

REASON = _object(
    {
        "code": _STRING,
        "family": _choice(*FAMILIES),
        "effect": _choice("raises", "lowers"),
        "contribution": {**_NUMBER, "description": "in log-odds, before calibration"},
        "feature": _STRING,
        "value": {"type": ["number", "null"], "description": "the feature's value, if known"},
        "text": ref("Text"),
    },
    "What moved the probability, strongest first; with `base` they add up to `raw_score`.",
)

DECISION = _object(
    {
        "decision_id": _STRING,
        "refund_id": _STRING,
        "as_of": {**_TIME, "description": "what was known before this moment was looked at"},
        "decided_at": _TIME,
        "stage": _choice("request", "evidence", "return", "inspection"),
        "tier": {
            **_choice(*TIERS),
            "description": "`approve` accepts the claim, `request_evidence` asks whoever can "
            "answer, `platform_intervention` puts the case before a person; none refuses.",
        },
        "conditions": _list(_choice("inspect_on_return", "merchant_consent", "courier_record")),
        "probability": {
            **_NUMBER,
            "minimum": 0,
            "maximum": 1,
            "description": "calibrated: of requests answered 0.2, one in five is fraud or abuse",
        },
        "raw_score": {**_NUMBER, "description": "the uncalibrated log-odds"},
        "base": {**_NUMBER, "description": "the log-odds before anything is known"},
        "lane": _choice("standard", "no_reason"),
        "reasons": _list(ref("Reason")),
        "rules": _list(_object({"id": _STRING, "effect": _STRING, "text": ref("Text")})),
        "why": _object({"id": _STRING, "text": ref("Text")}, "What settled the tier."),
        "required_evidence": _list(
            _object(
                {
                    "kind": _STRING,
                    "from": _choice("customer", "courier", "merchant"),
                    "text": ref("Text"),
                }
            )
        ),
        "customer_message": ref("Text"),
        "suggestions": _list(
            _choice("exchange", "repair", "resend", "partial_refund", "voucher")
        ),
        "respond_by": {**_TIME, "description": "when somebody must have answered the customer"},
        "linked": _object(
            {name: {"type": "integer"} for name in ("customers", "refunds", "confirmed_fraud")}
        ),
        "amount": _MONEY,
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "model": _object({"name": _STRING, "version": _STRING}),
        "policy": _object({"version": _STRING}),
    },
    "What was decided about a refund request, and why.",
)  # fmt: skip

VERDICT_OF_ONE: dict[str, Any] = {
    "description": "The Decision about one of many, or why there is none.",
    "oneOf": [
        {"title": "Decided", **_object({"decision": ref("Decision")})},
        {"title": "Undecided", **_object({"problem": ref("Problem")})},
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


DECISION_EXAMPLE: dict[str, Any] = {
    "decision_id": "7f0c6c1e8a5b4a0f9d3e2b1c0a998877",
    "refund_id": "R-2001",
    "as_of": "2026-03-05T01:30:04.120+00:00",
    "decided_at": "2026-03-05T01:30:04.120+00:00",
    "stage": "request",
    "tier": "request_evidence",
    "conditions": [],
    "probability": 0.071,
    "raw_score": -2.26,
    "base": -3.1,
    "lane": "standard",
    "reasons": [
        {
            "code": "customer_requests",
            "family": "purchase_pattern",
            "effect": "raises",
            "contribution": 0.84,
            "feature": "customer_requests_30d",
            "value": 3,
            "text": {
                "en": "3 refund requests by this customer in 30 days",
                "zh": "该顾客近30天内申请退款3次",
            },
        }
    ],
    "rules": [],
    "why": {"id": "least_cost", "text": {"en": "Costs least here.", "zh": "此处成本最低。"}},
    "required_evidence": [
        {
            "kind": "photo",
            "from": "customer",
            "text": {"en": "Photos from several angles", "zh": "多角度照片"},
        }
    ],
    "customer_message": {
        "en": "Thank you for telling us. A photo of the zip helps us settle this today.",
        "zh": "感谢您的反馈。请补充一张拉链的照片，我们今天就能为您处理。",
    },
    "suggestions": ["repair", "exchange"],
    "respond_by": "2026-03-07T01:30:00.000+00:00",
    "linked": {"customers": 1, "refunds": 0, "confirmed_fraud": 0},
    "amount": "199.00",
    "currency": "CNY",
    "model": {"name": "refund-risk", "version": "7"},
    "policy": {"version": "5d1c0a9b7e42"},
}
