"""Purchase pattern: which other orders a customer asked back, as far as it was not found justified.

Orders count, not requests, and none that is the one asked about: the same goods asked for anew, or in
another form, are no second case. Neither is what was withdrawn. What was found to be as the customer
said, or came back as it was sent, is held against nobody: what leaves it out is held to a sign, since
otherwise a finding of honesty could count against somebody. How often goods are to go back, and how often
somebody asks for the same article, at the same shop or for the same reason, has none.
"""

from __future__ import annotations

from risk.facts import RECEIVED_REASONS
from risk.facts.units import DAY_MS
from risk.features.entries import Kinds, over
from risk.features.measures import counted, summed
from risk.features.spec import Feature, Measure
from risk.findings import sql_list

F = Kinds("purchase_pattern")
ORDERS, OTHERS, FOUND = "orders@customer", "other_requests@customer", "other_findings@customer"
SAME_MONEY = "e.currency = s.currency"
WINDOWS = (1, 7, 30, 90, 365)
EVER = None
HONEST, OPEN = "e.label = 0", "e.state = 'open'"
KEPT = f"e.type = 'refund_only' AND e.reason_code IN ({sql_list(RECEIVED_REASONS)})"
"""Money asked back for goods that came and stay."""
SENT_BACK = "e.type IN ('return_and_refund', 'exchange', 'repair')"
"""What is asked for goods that are to go back."""
NEVER_CAME = "e.reason_code IN ('not_received', 'missing_item')"


def entries() -> list[Feature]:
    """The family's features about orders asked back."""
    return [*_any_reason(), *_sent_back(), *_kept(), *_never_came(), *_alike()]


def asked(where: str = "", days: int | None = None) -> Measure:
    """How many other orders are asked back."""
    return _orders(OTHERS, _all_of(where, OPEN), days)


def justified(where: str = "", days: int | None = None) -> Measure:
    """Of how many other orders it was found to be right."""
    return _orders(FOUND, _all_of(where, HONEST), days)


def _orders(of: str, where: str = "", days: int | None = None) -> Measure:
    return counted(of, where, days, distinct="e.order_id")


def _all_of(*conditions: str) -> str:
    return " AND ".join(filter(None, conditions))


def _any_reason() -> list[Feature]:
    return [
        *over((*WINDOWS, EVER), lambda days: F.net(
            "customer_orders_asked", (
                "{value} other orders of this customer asked back {window}, none found justified so far",
                "该客户{window}另有{value}笔订单申请退款，目前均未核实属实", "", ""),
            part=asked(days=days), less=justified(days=days), risk=1, story="customer_requests")),
        *over((*WINDOWS, EVER), lambda days: F.net_share(
            "customer_asked_share", (
                "other orders of this customer asked back {window}, unconfirmed: {value}; "
                "placed: {whole}",
                "该客户{window}另下单{whole}笔，其中申请退款且未经核实属实{value}笔",
                "{whole} other orders of this customer {window}, no doubtful refund request",
                "该客户{window}另下单{whole}笔，没有存疑的退款申请"),
            part=asked(days=days), less=justified(days=days), whole=_orders(ORDERS, days=days),
            prior=(0.5, 5.0), risk=1, days=days, story="customer_requests")),
        *over(WINDOWS, lambda days: F.net_share(
            "customer_asked_money_share", (
                "asked back by this customer {window} for other orders, unconfirmed: {value}; "
                "spent: {whole}", "该客户{window}另消费{whole}，其中申请退款且未经核实属实{value}",
                "{whole} spent by this customer {window} on other orders, no doubtful refund request",
                "该客户{window}另消费{whole}，没有存疑的退款申请"),
            part=summed(OTHERS, "e.amount", SAME_MONEY, days),
            less=summed(FOUND, "e.amount", _all_of(SAME_MONEY, HONEST), days),
            whole=summed(ORDERS, "e.amount", SAME_MONEY, days), prior=(500_000.0, 5_000_000.0),
            risk=1, days=days, story="customer_requests")),
    ]  # fmt: skip


def _sent_back() -> list[Feature]:
    """Whose goods go back: no sign by itself, and whatever was found, so that a finding of honesty
    moves nothing here. How much is asked back has one; this is what of it leaves nobody with both
    goods and money."""
    return [
        *over((30, 90, 365, EVER), lambda days: F.count(
            "customer_orders_sent_back", (
                "{value} other orders of this customer asked back {window}, their goods to be sent back",
                "该客户{window}另有{value}笔订单申请退货、换货或维修", "", ""),
            of=OTHERS, where=_all_of(SENT_BACK, OPEN), distinct="e.order_id", days=days,
            story="customer_requests")),
        *over((30, 90, 365, EVER), lambda days: F.share(
            "customer_sent_back_share", (
                "other orders of this customer asked back {window}, their goods to be sent back: {value}, "
                "placed: {whole}",
                "该客户{window}另下单{whole}笔，其中申请退货、换货或维修{value}笔"),
            part=asked(SENT_BACK, days), whole=_orders(ORDERS, days=days), prior=(0.4, 5.0),
            story="customer_requests")),
    ]  # fmt: skip


def _kept() -> list[Feature]:
    return [
        *over((7, 30, 90, 365), lambda days: F.net(
            "customer_unproven_orders", (
                "{value} other orders with a refund-only request {window} for goods received, none found "
                "justified so far", "该客户{window}另有{value}笔订单已收到货而申请仅退款，目前均未核实属实",
                "", ""),
            part=asked(KEPT, days), less=justified(KEPT, days), risk=1, story="customer_requests")),
        F.net_share(
            "customer_unproven_orders_share", (
                "other orders with a refund-only request for goods received, unconfirmed: "
                "{value}; placed: {whole}",
                "该客户另下单{whole}笔，其中已收到货而申请仅退款且未经核实属实{value}笔",
                "{whole} other orders of this customer, no doubtful refund-only request",
                "该客户另下单{whole}笔，没有存疑的仅退款申请"),
            part=asked(KEPT), less=justified(KEPT), whole=_orders(ORDERS), prior=(0.1, 3.0), risk=1,
            story="customer_requests"),
    ]  # fmt: skip


def _never_came() -> list[Feature]:
    return [
        F.net_share(
            "customer_never_came_orders", (
                "other orders of this customer said not to have come or to be short {window}, "
                "unconfirmed: {value}; placed: {whole}",
                "该客户{window}另下单{whole}笔，其中称未收到或少件且未经核实属实{value}笔",
                "{whole} other orders of this customer {window}, none doubtfully said to be missing",
                "该客户{window}另下单{whole}笔，没有存疑的未收到或少件申请"),
            part=asked(NEVER_CAME, 365), less=justified(NEVER_CAME, 365),
            whole=_orders(ORDERS, days=365), prior=(0.1, 3.0), risk=1, days=365,
            story="customer_never_came_share"),
    ]  # fmt: skip


def _alike() -> list[Feature]:
    same = (
        ("sku", "e.sku = s.sku", "the same article", "同一商品"),
        ("category", "e.category = s.category", "the same category", "同一类目"),
        ("merchant", "e.merchant_id = s.merchant_id", "the same shop", "同一店铺"),
    )
    return [
        *(F.count(
            f"customer_orders_same_{name}", (
                f"{{value}} other orders of {en} asked back by this customer {{window}}",
                f"该客户{{window}}另有{{value}}笔{zh}的订单申请退款", "", ""),
            of=OTHERS, where=_all_of(where, OPEN), distinct="e.order_id", days=365,
            story="customer_repeats")
          for name, where, en, zh in same),
        F.count(
            "customer_orders_quick", ("{value} other orders asked back within a day of ordering {window}",
                                      "{window}另有{value}笔订单下单一天内就申请退款"),
            of=OTHERS, where=_all_of(f"e.requested_at - e.placed_at < {DAY_MS}", OPEN),
            distinct="e.order_id", days=90),
    ]  # fmt: skip


def same_reason(family: Kinds) -> Feature:
    """Other orders asked back for the reason given now."""
    return family.count(
        "customer_orders_same_reason", (
            "{value} other orders of this customer asked back {window} with the same reason",
            "该客户{window}另有{value}笔订单以同一原因申请退款", "", ""),
        of=OTHERS, where=_all_of("e.reason_code = s.reason_code", OPEN), distinct="e.order_id",
        days=365, story="customer_same_reason_365d",
    )  # fmt: skip
