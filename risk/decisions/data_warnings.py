"""What was missing or odd in the data of a case, for whoever maintains the caller."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from risk.decisions.decision import DataWarning, Text
from risk.facts import RECEIVED_REASONS
from risk.policy import Situation
from risk.policy.situation import UNDELIVERED

_ABOUT_MONEY = frozenset({"refund_only", "return_and_refund", "price_adjustment"})
_ABOUT_RECEIPT = frozenset({"not_received", *RECEIVED_REASONS})

_SENTENCES: Mapping[str, Text] = {
    "order_unknown": {
        "en": "Nobody has sent the order that this request names.",
        "zh": "申请所指的订单尚未发送给我们。",
    },
    "line_unknown": {
        "en": "The order has no line that this request names.",
        "zh": "订单中没有申请所指的商品行。",
    },
    "amount_zero": {
        "en": "Money is asked for, and the amount is zero.",
        "zh": "申请退款，但金额为零。",
    },
    "several_customers": {
        "en": "The lines of the order name several customers.",
        "zh": "订单各商品行的客户不一致。",
    },
    "currency_assumed": {
        "en": "The currency of the order is not known: CNY is assumed.",
        "zh": "订单币种未知，按人民币（CNY）处理。",
    },
    "currency_differs": {
        "en": "The line that this request names has another currency than its order.",
        "zh": "申请所指商品行的币种与订单不同。",
    },
    "receipt_contradicts_reason": {
        "en": "Whether the goods came is answered otherwise than the reason that was chosen says.",
        "zh": "客户对是否收到货的回答与所选的退款原因不一致。",
    },
    "no_delivery_on_record": {
        "en": "The reason speaks of received goods; the courier has no record of a delivery.",
        "zh": "申请理由表明已收到商品，但物流记录中没有签收。",
    },
    "requested_before_order": {
        "en": "The request is dated before its order was placed.",
        "zh": "申请时间早于订单的下单时间。",
    },
    "deadline_before_request": {
        "en": "The deadline of the answer is before the request.",
        "zh": "答复时限早于申请时间。",
    },
    "clock_ahead": {
        "en": "The request is dated later than this service's clock: the caller's clock is ahead.",
        "zh": "申请时间晚于本服务的时钟：调用方的时钟偏快。",
    },
}


def warning_text(warning: Mapping[str, Any]) -> Text:
    """The sentence of a decision's warning, as this release says it."""
    found: Text = _SENTENCES.get(warning["code"], warning["text"])
    return found


def data_warnings(case: Situation) -> list[DataWarning]:
    """The warnings of a case; empty where nothing is odd."""
    return [{"code": code, "text": _SENTENCES[code].copy()} for code in _odd(case)]


def _odd(case: Situation) -> Iterator[str]:
    """The codes of what is missing or odd."""
    yield from _odd_order(case)
    if case.amount == 0 and case.type in _ABOUT_MONEY:
        yield "amount_zero"
    if (
        case.claims_received is not None
        and case.claims_received == (case.reason_code == "not_received")
        and case.reason_code in _ABOUT_RECEIPT
    ):
        yield "receipt_contradicts_reason"
    told = case.claims_received is not False and case.reason_code in RECEIVED_REASONS
    if told and case.courier in UNDELIVERED - {"not_shipped"}:
        yield "no_delivery_on_record"
    if case.placed_at is not None and case.requested_at < case.placed_at:
        yield "requested_before_order"
    if case.respond_by is not None and case.respond_by < case.requested_at:
        yield "deadline_before_request"
    if case.requested_at > case.as_of:
        yield "clock_ahead"


def _odd_order(case: Situation) -> Iterator[str]:
    if case.money is None:
        return
    if case.money.paid is None:
        yield "order_unknown"
        yield "currency_assumed"
    elif case.line_unknown:
        yield "line_unknown"
    if case.money.customers > 1:
        yield "several_customers"
    if case.money.currency != case.currency:
        yield "currency_differs"
