"""Whoever is asked to send goods back is told who pays for that."""

from __future__ import annotations

from typing import Any

import pytest

from tests.risk.policy_cases import DAY, NOW, case, decided

RETURN: dict[str, Any] = {
    "type": "return_and_refund", "placed_at": NOW - 30 * DAY, "delivered_at": NOW - 20 * DAY,
    "claims_received": True,
}  # fmt: skip
EXCHANGE: dict[str, Any] = {**RETURN, "type": "exchange"}
SHOP = ("The postage back is on us, 20.00 CNY without a receipt", "退货运费由我们承担")
CUSTOMER = ("The postage back is yours, unless your parcel is insured", "退货运费由您承担")
OPEN = ("Please keep the receipt of the postage back", "请保留寄件凭据")


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({**RETURN, "reason_code": "other"}, OPEN),
        ({**RETURN, "reason_code": "missing_item"}, SHOP),
        ({**RETURN, "reason_code": "unwanted"}, CUSTOMER),
        ({**RETURN, "reason_code": "unwanted", "category": "fruit"}, CUSTOMER),
        ({**EXCHANGE, "reason_code": "unwanted"}, CUSTOMER),
        ({**EXCHANGE, "reason_code": "other"}, OPEN),
        ({**RETURN, "type": "repair", "reason_code": "other"}, OPEN),
        ({**RETURN, "type": "refund_only", "reason_code": "damaged", "delivered_at": NOW - DAY},
         SHOP),
    ],
)  # fmt: skip
def test_who_pays_the_postage_is_said(known: dict[str, Any], said: tuple[str, str]) -> None:
    message = decided(case(**known)).customer_message
    assert said[0] in message["en"]
    assert said[1] in message["zh"]
    others = {SHOP, CUSTOMER, OPEN} - {said}
    assert not any(other[0] in message["en"] for other in others)
    assert "{" not in message["en"] + message["zh"]
    assert "  " not in message["en"]


@pytest.mark.parametrize(
    "known",
    [
        {"type": "refund_only", "reason_code": "not_received", "courier": "lost"},
        {**EXCHANGE, "reason_code": "unwanted", "courier": "not_shipped",
         "claims_received": False, "delivered_at": None},
    ],
)  # fmt: skip
def test_who_sends_nothing_back_reads_of_no_postage(known: dict[str, Any]) -> None:
    assert "postage" not in decided(case(**known)).customer_message["en"]
