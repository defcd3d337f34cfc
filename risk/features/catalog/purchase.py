"""Purchase pattern: what this customer buys, asks back and was found to have done before."""

from __future__ import annotations

from risk.facts.units import DAY_MS, HOUR_MS
from risk.features.catalog import asked_back
from risk.features.catalog.asked_back import (
    EVER,
    KEPT,
    NEVER_CAME,
    OPEN,
    ORDERS,
    SAME_MONEY,
    WINDOWS,
)
from risk.features.counting import FOUND, OF_NAMED_SHOPS
from risk.features.entries import FINDING_DAYS, Kinds, over, retired
from risk.features.measures import counted, first, last, moment, summed
from risk.features.spec import Feature

F = Kinds("purchase_pattern")
REQUESTS, FINDINGS = "requests@customer", "findings@customer"
ASKED = f"{KEPT} AND {OPEN}"
JUSTIFIED = f"{KEPT} AND e.label = 0"
JUST_UNDER = "e.amount % 1000000 >= 950000"
"""Within five units under a full hundred: 1,000,000 ten-thousandths."""


def entries() -> list[Feature]:
    """The family's features."""
    return [
        *_volume(), *_kinds_of_request(), *asked_back.entries(), *_repeats(), *_standing(), *_timing(),
        *_changes(),
    ]  # fmt: skip


def _volume() -> list[Feature]:
    return [
        *over((*WINDOWS, EVER), lambda days: F.count(
            "customer_orders", ("{value} other orders by this customer {window}",
                                "该客户{window}另有{value}笔订单"),
            of=ORDERS, distinct="e.order_id", days=days, story="customer_orders")),
        *over((*WINDOWS, EVER), lambda days: retired(F.count(
            "customer_requests", ("{value} other refund requests by this customer {window}",
                                  "该客户{window}另有{value}次退款申请"),
            of=REQUESTS, days=days, story="customer_requests"))),
        *over(WINDOWS, lambda days: retired(F.count(
            "customer_refund_only", ("{value} refund-only requests by this customer {window}",
                                     "该客户{window}有{value}次仅退款申请"),
            of=REQUESTS, where="e.type = 'refund_only'", days=days, risk=1,
            story="customer_requests"))),
        *over(WINDOWS, lambda days: retired(F.total(
            "customer_money_asked", ("{value} asked back by this customer {window}",
                                     "该客户{window}申请退款共{value}"),
            of=REQUESTS, days=days))),
        *over(WINDOWS, lambda days: F.total(
            "customer_money_spent", ("{value} spent by this customer {window}",
                                     "该客户{window}消费共{value}"),
            of=ORDERS, days=days)),
        *over((*WINDOWS, EVER), lambda days: retired(F.share(
            "customer_refund_share", ("other orders of this customer asked back {window}: {value}, "
                                      "placed: {whole}", "该客户{window}另有{value}笔订单申请退款，"
                                      "另下单{whole}笔"),
            part=counted(REQUESTS, days=days, distinct="e.order_id"),
            whole=counted(ORDERS, days=days, distinct="e.order_id"), prior=(0.5, 5.0), story="customer_requests"))),
        *over(WINDOWS, lambda days: retired(F.share(
            "customer_money_share", ("asked back by this customer {window}: {value}, spent: "
                                     "{whole}", "该客户{window}另申请退款{value}，另消费{whole}"),
            part=summed(REQUESTS, "e.amount", SAME_MONEY, days),
            whole=summed(ORDERS, "e.amount", SAME_MONEY, days), prior=(500_000.0, 5_000_000.0),
            story="customer_requests"))),
        *over((*WINDOWS, EVER), lambda days: retired(F.share(
            "customer_refund_only_share", ("refund-only among this customer's other requests "
                                           "{window}: {value} of {whole}",
                                           "该客户{window}的其他{whole}次申请中，仅退款{value}次"),
            part=counted(REQUESTS, "e.type = 'refund_only'", days),
            whole=counted(REQUESTS, days=days), prior=(0.6, 2.0), risk=1))),
    ]  # fmt: skip


def _kinds_of_request() -> list[Feature]:
    return [
        *over((7, 30, 90, 365), lambda days: retired(F.net(
            "customer_unproven", ("{value} other refund-only requests by this customer {window} for "
                                  "goods received, none found justified so far",
                                  "该客户{window}另有{value}次已收到货而申请仅退款，目前均未核实属实",
                                  "", ""),
            part=counted(REQUESTS, ASKED, days), less=counted(FINDINGS, JUSTIFIED, days),
            risk=1, story="customer_requests"))),
        retired(F.net_share(
            "customer_unproven_share", ("other refund-only requests by this customer for goods that "
                                        "came, not found justified: {value}, other orders: {whole}",
                                        "该客户另下单{whole}笔，已收到货而申请仅退款且未经核实属实{value}次"),
            part=counted(REQUESTS, ASKED), less=counted(FINDINGS, JUSTIFIED),
            whole=counted(ORDERS, distinct="e.order_id"), prior=(0.1, 3.0), risk=1,
            story="customer_requests")),
        retired(F.share(
            "customer_kept_share", ("refund-only requests by this customer for goods that came: {value}, "
                                    "other orders: {whole}",
                                    "该客户另下单{whole}笔，已收到货而申请仅退款{value}次"),
            part=counted(REQUESTS, KEPT), whole=counted(ORDERS, distinct="e.order_id"),
            prior=(0.1, 3.0), risk=1, story="customer_requests")),
        retired(F.share(
            "customer_never_came_share", ("goods that never came or were short, among this "
                                          "customer's other requests {window}: {value} of {whole}",
                                          "该客户{window}的其他{whole}次申请中，称未收到或少件{value}次"),
            part=counted(REQUESTS, NEVER_CAME, 365), whole=counted(REQUESTS, days=365),
            prior=(0.4, 2.0))),
        retired(F.net_share(
            "customer_unproven_never_came", ("goods that never came or were short, not found to be so, "
                                             "among this customer's other requests: {value} of {whole}",
                                             "该客户的其他{whole}次申请中，称未收到或少件且未经核实属实{value}次"),
            part=counted(REQUESTS, NEVER_CAME, 365),
            less=counted(FINDINGS, f"{NEVER_CAME} AND e.label = 0", 365),
            whole=counted(REQUESTS, days=365), prior=(0.4, 2.0), risk=1,
            story="customer_never_came_share")),
    ]  # fmt: skip


def _repeats() -> list[Feature]:
    same = (
        ("sku", "e.sku = s.sku", "for the same article", "同一商品"),
        ("category", "e.category = s.category", "in the same category", "同一类目"),
        ("merchant", "e.merchant_id = s.merchant_id", "at the same shop", "同一店铺"),
    )
    return [
        *(retired(F.count(
            f"customer_same_{name}", (f"{{value}} requests {en} by this customer {{window}}",
                                      f"该客户{{window}}就{zh}有{{value}}次申请"),
            of=REQUESTS, where=where, days=365, story="customer_repeats"))
          for name, where, en, zh in same),
        retired(F.count(
            "customer_same_articles", ("{value} requests by this customer for articles of this "
                                       "order {window}", "该客户{window}就本单商品有{value}次申请"),
            of="own_requests@sku", days=365, story="customer_repeats")),
        F.count(
            "customer_burst", ("{value} other orders of the same day were asked back too",
                               "同一天下单的另外{value}笔订单也申请了退款",
                               "no other orders of the same day were asked back",
                               "同一天下单的其他订单没有申请退款"),
            of=REQUESTS, distinct="e.order_id", where="e.order_id <> s.order_id AND "
            f"e.placed_at > s.placed_at - {DAY_MS} AND e.placed_at < s.placed_at + {DAY_MS}",
            risk=1),
        retired(F.count(
            "customer_quick_requests", ("{value} requests within a day of ordering {window}",
                                        "{window}有{value}次下单一天内就申请退款"),
            of=REQUESTS, where=f"e.requested_at - e.placed_at < {DAY_MS}", days=90)),
        retired(F.count(
            "customer_just_under", ("{value} requests for just under a full hundred {window}",
                                    "{window}有{value}次申请金额略低于整百"),
            of=REQUESTS, where=JUST_UNDER, days=365)),
        retired(F.count(
            "order_requests", ("{value} other requests on this same order",
                               "同一订单另有{value}次申请"),
            of="requests@order")),
        F.ratio(
            "asked_against_spent", ("this request is {value} times what the customer spent "
                                    "in a year", "本次申请金额为客户一年消费的{value}倍"),
            part=moment("s.amount"), whole=summed(ORDERS, "e.amount", SAME_MONEY, 365)),
        F.ratio(
            "amount_against_usual", ("this request is {value} times what this customer's lines "
                                     "usually cost", "本次金额为该客户平常单行消费的{value}倍"),
            part=summed(ORDERS, "s.amount", SAME_MONEY),
            whole=summed(ORDERS, "e.amount", SAME_MONEY)),
    ]  # fmt: skip


def _standing() -> list[Feature]:
    return [
        *over((90, 365, None), lambda days: retired(F.count(
            "customer_abuse", ("{value} findings of abuse against this customer {window}",
                               "该客户{window}有{value}次被认定滥用"),
            of=FINDINGS, where="e.label = 1", days=days, risk=1, story="customer_findings"))),
        *over((90, 365, FINDING_DAYS), lambda days: F.here(
            "customer_abuse_here", ("{value} findings of abuse against this customer {window} that "
                                    "this shop may go by", "该客户{window}有{value}次本店可参考的滥用认定",
                                    "", ""),
            of=FINDINGS, rows=FOUND, days=days, story="customer_findings")),
        F.count(
            "customer_honest", ("{value} requests of this customer were found to be honest",                                "该客户有{value}次申请经核实属实", "", ""),
            of=FINDINGS, where="e.label = 0", risk=-1, story="customer_findings"),
        retired(F.here(
            "customer_abuse_live", ("{value} findings of abuse against this customer {window} still "
                                    "count here", "该客户{window}有{value}次滥用认定仍然有效", "", ""),
            of=FINDINGS, rows=OF_NAMED_SHOPS, days=FINDING_DAYS, story="customer_findings")),
        retired(F.share(
            "customer_abuse_share", ("{value} of what was looked into at this customer was abuse",
                                     "该客户经核查的申请中滥用占{value}"),
            part=counted(FINDINGS, "e.label = 1"), whole=counted(FINDINGS), prior=(0.2, 2.0),
            risk=1, story="customer_findings")),
    ]  # fmt: skip


def _changes() -> list[Feature]:
    """What a customer changed: a policy confirms it with the contact on record before money goes."""
    return [
        F.unseen("payout_changed", ("another payout account than before", "收款账户与以往不同", "", ""),
                 of=REQUESTS, column="payout"),
        F.unseen("device_changed", ("another device than before", "设备与以往不同", "", ""),
                 of=ORDERS, column="device"),
        F.unseen("address_changed", ("another address than before", "收货地址与以往不同", "", ""),
                 of=ORDERS, column="address"),
    ]  # fmt: skip


def _timing() -> list[Feature]:
    return [
        F.elapsed(
            "hours_order_to_request", ("asked {value} hours after ordering",
                                       "下单{value}小时后申请"),
            until=moment("s.requested_at"), since=moment("s.placed_at"), unit_ms=HOUR_MS),
        retired(F.elapsed(
            "account_age_days", ("the account is {value} days old", "账号注册{value}天"),
            until=moment("s.requested_at"), since=moment("s.account_created_at"), unit_ms=DAY_MS)),
        retired(F.pace(
            "customer_requests_a_month", ("{value} refund requests a month since this customer's first "
                                          "order", "该客户自首次下单以来平均每月申请退款{value}次"),
            of=counted(REQUESTS), since=first(ORDERS, "e.placed_at"), days=30)),
        retired(F.ratio(
            "customer_days_kept", ("this customer's other requests came {value} days after ordering on "
                                   "average", "该客户其他申请平均在下单{value}天后提出"),
            part=summed(REQUESTS, "e.requested_at - e.placed_at"),
            whole=summed(REQUESTS, str(DAY_MS)))),
        retired(F.elapsed(
            "days_since_first_order", ("first order here {value} days ago",
                                       "首次下单距今{value}天"),
            until=moment("s.as_of"), since=first(ORDERS, "e.placed_at"), unit_ms=DAY_MS)),
        F.elapsed(
            "days_since_last_order", ("previous order {value} days ago",
                                      "上一笔订单距今{value}天"),
            until=moment("s.as_of"), since=last(ORDERS, "e.placed_at"), unit_ms=DAY_MS),
        retired(F.elapsed(
            "days_since_last_request", ("previous request {value} days ago",
                                        "上一次申请距今{value}天"),
            until=moment("s.as_of"), since=last(REQUESTS, "e.requested_at"), unit_ms=DAY_MS)),
    ]  # fmt: skip
