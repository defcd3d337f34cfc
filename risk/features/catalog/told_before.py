"""Reason: what other requests for the same goods, and by others for the article, gave as theirs."""

from __future__ import annotations

from risk.facts import UNRECEIVED_REASONS
from risk.features.catalog import asked_back
from risk.features.entries import Kinds, retired
from risk.features.measures import counted
from risk.features.own_parcels import OF_REQUEST
from risk.features.spec import Feature
from risk.findings import sql_list
from risk.text import tags

F = Kinds("reason")
SAME_LINE = "(e.line_id = s.line_id OR (e.line_id IS NULL AND s.line_id IS NULL))"
GONE, HERE = tags.NOT_RECEIVED, tags.RECEIVED | tags.USED | tags.FIT
"""What a text says of its goods: that they never came, that they are in hand."""


def entries() -> list[Feature]:
    """The family's features about other requests."""
    return [
        retired(F.count(
            "order_other_reasons", ("{value} requests on this order with another reason",
                                    "同一订单有{value}次不同原因的申请"),
            of="requests@order", where="e.reason_code <> s.reason_code", risk=1)),
        F.count(
            "goods_other_reasons", ("{value} requests for the same goods with another reason",
                                    "同一商品有{value}次不同原因的申请", "", ""),
            of="requests@order", where=f"{SAME_LINE} AND e.reason_code <> s.reason_code AND {NOT_COME}",
            risk=1, story="order_other_reasons"),
        retired(F.count(
            "order_story_changed", ("{value} requests on this order told otherwise whether the "
                                    "goods had come", "同一订单有{value}次申请对是否收到货说法不一"),
            of="requests@order", where="e.claims_received <> s.claims_received "
            f"OR ((e.story & {GONE}) > 0 AND (s.story & {HERE}) > 0) "
            f"OR ((e.story & {HERE}) > 0 AND (s.story & {GONE}) > 0)", risk=1)),
        F.count(
            "goods_story_changed", ("{value} requests for the same goods told otherwise whether they "
                                    "had come", "同一商品有{value}次申请对是否收到货说法不一", "", ""),
            of="requests@order", where=f"{OF_REQUEST} AND ({_gone_after_all('e', 's')} "
            f"OR {_gone_after_all('s', 'e')})", risk=1, story="order_story_changed"),
        asked_back.same_reason(F),
        retired(F.count(
            "customer_same_reason", ("{value} requests by this customer with the same reason "
                                     "{window}", "该客户{window}以同一原因申请{value}次",
                                     "no requests by this customer with the same reason {window}",
                                     "该客户{window}没有以同一原因申请"),
            of="requests@customer", where="e.reason_code = s.reason_code", days=365)),
        F.share(
            "sku_same_reason_share", ("{value} of others' requests for this article gave the same "
                                      "reason {window}", "该商品其他客户{window}的申请中同一原因占{value}"),
            part=counted("requests@sku", "e.reason_code = s.reason_code", 30),
            whole=counted("requests@sku", days=30), prior=(0.4, 2.0)),
    ]  # fmt: skip


def _gone_after_all(before: str, after: str) -> str:
    """SQL: whether the later of two requests says that nothing came, and the earlier that it had.
    Told the other way round it came meanwhile."""
    return (
        f"({before}.requested_at < {after}.requested_at AND "
        f"(({before}.claims_received = 1 AND {after}.claims_received = 0) "
        f"OR (({before}.story & {HERE}) > 0 AND ({after}.story & {GONE}) > 0)))"
    )


def _missing(row: str) -> str:
    return f"CASE WHEN {row}.reason_code IN ({sql_list(UNRECEIVED_REASONS)}) THEN 1 ELSE 0 END"


NOT_COME = (
    f"CASE WHEN e.requested_at < s.requested_at THEN {_missing('e')} - {_missing('s')} "
    f"ELSE {_missing('s')} - {_missing('e')} END < 1"
)
"""SQL: but for a first request for what had not come, and a later one for what then came."""
