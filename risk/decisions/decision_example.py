"""A Decision as a caller reads it, for the pages that show one."""

from __future__ import annotations

from typing import Any

import orjson

from risk.decisions.decision import NAME, Decision, Reason, Text


def example() -> dict[str, Any]:
    """A Decision as a caller reads it."""
    content: dict[str, Any] = orjson.loads(_example().to_json())
    return content


def _example() -> Decision:
    asked: Text = {"en": "Photos from several angles", "zh": "多角度照片"}
    return Decision(
        decision_id="7f0c6c1e8a5b4a0f9d3e2b1c0a998877",
        refund_id="R-2001",
        as_of="2026-03-05T01:30:04.120+00:00",
        decided_at="2026-03-05T01:30:04.120+00:00",
        stage="request",
        tier="request_evidence",
        conditions=[],
        probability=0.071,
        raw_score=-2.26,
        base=-3.1,
        lane="standard",
        reasons=[_example_reason()],
        rules=[],
        why={"id": "least_cost", "text": {"en": "Costs least here.", "zh": "此处成本最低。"}},
        required_evidence=[{"kind": "photo", "from": "customer", "text": asked}],
        customer_message={
            "en": "Thank you for telling us. A photo of the zip helps us settle this today.",
            "zh": "感谢您的反馈。请补充一张拉链的照片，我们今天就能为您处理。",
        },
        suggestions=["repair", "exchange"],
        respond_by="2026-03-07T01:30:00.000+00:00",
        linked={"customers": 1, "refunds": 0, "confirmed_fraud": 0},
        money={
            "paid": "199.00",
            "asked": "191.00",
            "asked_before": "0.00",
            "granted_before": "0.00",
            "currency": "CNY",
        },
        recommended={
            "action": "ask_customer",
            "step": "customer",
            "text": {
                "en": "Ask the customer for: Photos from several angles.",
                "zh": "请客户提供：多角度照片。",
            },
        },
        amount="199.00",
        currency="CNY",
        model={"name": NAME, "version": "7", "experience": "own", "calibrated": True},
        policy={"version": "5d1c0a9b7e42"},
    )


def _example_reason() -> Reason:
    return {
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
