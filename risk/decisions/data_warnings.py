"""What was missing or odd in the data of a case, for whoever maintains the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from risk.decisions.decision import DataWarning
from risk.facts import RECEIVED_REASONS
from risk.policy import Situation

_Check = tuple[Callable[[Situation], bool], str, str]

_CHECKS: Mapping[str, _Check] = {
    "order_unknown": (
        lambda case: case.money is not None and case.money.paid is None,
        "Nobody has sent the order that this request names.",
        "申请所指的订单尚未发送给我们。",
    ),
    "line_unknown": (
        lambda case: case.line_unknown and case.money is not None and case.money.paid is not None,
        "The order has no line that this request names.",
        "订单中没有申请所指的商品行。",
    ),
    "currency_assumed": (
        lambda case: case.money is not None and case.money.paid is None,
        "The currency of the order is not known: CNY is assumed.",
        "订单币种未知，按人民币（CNY）处理。",
    ),
    "currency_differs": (
        lambda case: case.money is not None and case.money.currency != case.currency,
        "The line that this request names has another currency than its order.",
        "申请所指商品行的币种与订单不同。",
    ),
    "receipt_contradicts_reason": (
        lambda case: (
            case.claims_received is not None
            and case.claims_received == (case.reason_code == "not_received")
            and case.reason_code in ("not_received", *RECEIVED_REASONS)
        ),
        "`claims_received` contradicts `reason_code`.",
        "`claims_received` 与 `reason_code` 不一致。",
    ),
    "requested_before_order": (
        lambda case: case.placed_at is not None and case.requested_at < case.placed_at,
        "`requested_at` is before the order's `placed_at`.",
        "`requested_at` 早于订单的 `placed_at`。",
    ),
    "deadline_before_request": (
        lambda case: case.respond_by is not None and case.respond_by < case.requested_at,
        "`respond_by` is before `requested_at`.",
        "`respond_by` 早于 `requested_at`。",
    ),
    "clock_ahead": (
        lambda case: case.requested_at > case.as_of,
        "`requested_at` is later than this service's clock: the caller's clock is ahead.",
        "`requested_at` 晚于本服务的时钟：调用方的时钟偏快。",
    ),
}
"""By code: when it applies, and its sentences."""


def data_warnings(case: Situation) -> list[DataWarning]:
    """The warnings of a case, in the order of the table; empty where nothing is odd."""
    return [
        {"code": code, "text": {"en": en, "zh": zh}}
        for code, (applies, en, zh) in _CHECKS.items()
        if applies(case)
    ]
