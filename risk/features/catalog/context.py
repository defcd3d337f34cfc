"""Order context: what was bought, for how much, from whom, and how that article is doing."""

from __future__ import annotations

from risk.facts import TYPES
from risk.facts.units import DAY_MS, HOUR_MS, MONEY_UNIT
from risk.features.catalog import composition
from risk.features.counting import OWN_SHOP
from risk.features.entries import MONEY, Kinds, over, retired
from risk.features.measures import counted, moment, summed
from risk.features.spec import Feature, Measure

F = Kinds("order_context")
LINES, SKU, SKU_ORDERS = "lines@order", "requests@sku", "orders@sku"
FAULTY = "e.reason_code IN ('defective', 'damaged', 'not_as_described', 'wrong_item')"
SAME_MONEY = "e.currency = s.currency"
AT_FAULT = "e.label = 0 AND e.fault = 1"
ROUND = (100, 200, 300, 500, 1_000, 2_000, 5_000, 10_000)
"""Amounts at which somebody is likely to have set a limit, in major units."""
TYPE_NAMES = {
    "refund_only": ("refund only", "仅退款"),
    "return_and_refund": ("return and refund", "退货退款"),
    "exchange": ("exchange", "换货"),
    "repair": ("repair", "维修"),
    "resend": ("resend", "补发"),
    "price_adjustment": ("price adjustment", "价保"),
}


def _just_under(limits: tuple[int, ...]) -> str:
    """Whether the amount is below one of the limits by at most three in a hundred."""
    return " OR ".join(
        f"(s.amount >= {97 * limit * MONEY_UNIT // 100} AND s.amount < {limit * MONEY_UNIT})"
        for limit in limits
    )


def entries() -> list[Feature]:
    """The family's features."""
    return [*_order(), *composition.entries(), *_request(), *_article(), *_usual(), *_merchant()]


def _order() -> list[Feature]:
    return [
        F.value("amount", "s.amount", ("{value} is asked for", "申请金额{value}"), unit="money",
                scale=MONEY),
        F.ratio("asked_of_order", ("{value} of the order's price is asked back",
                                   "申请金额占订单的{value}"),
                part=moment("s.amount"), whole=summed(LINES, "e.amount", SAME_MONEY)),        F.ratio("price_a_piece", ("{value} a piece", "单件{value}"), unit="money",
part=summed(LINES, "e.amount", f"e.quantity > 0 AND {SAME_MONEY}"),
                whole=summed(LINES, f"e.quantity * {MONEY_UNIT}", f"e.quantity > 0 AND {SAME_MONEY}")),
        F.value("sold_live", "CASE WHEN s.channel = 'live' THEN 1 ELSE 0 END",
                ("bought in a live stream", "直播间购买",
                 "not bought in a live stream", "不是直播间购买"), unit="flag"),
        retired(F.value("known_tier", "CASE WHEN s.customer_tier IS NOT NULL THEN 1 ELSE 0 END",
                ("the shop gives this customer a standing", "店铺记录了该客户的等级",
                 "the shop gives this customer no standing", "店铺没有记录该客户的等级"), unit="flag")),
        F.value("no_reason_right", "s.no_reason_return",
                ("the article may be returned without a reason", "商品支持七天无理由",
                 "the article may not be returned without a reason", "商品不支持七天无理由"), unit="flag"),
        retired(F.value("order_hour", f"s.placed_at % {DAY_MS}",
                ("ordered at {value} o'clock UTC", "下单时间为UTC {value}时"), unit="hours",
                scale=1 / HOUR_MS)),
        retired(F.value("order_weekday", f"(s.placed_at - s.placed_at % {DAY_MS}) % {7 * DAY_MS}",
                ("ordered on day {value} of the week", "下单于一周第{value}天"), unit="count",
                scale=1 / DAY_MS)),
    ]  # fmt: skip


def _request() -> list[Feature]:
    return [
        *(F.value(f"type_{kind}", f"CASE WHEN s.type = '{kind}' THEN 1 ELSE 0 END",
                  (f"asked for: {TYPE_NAMES[kind][0]}", f"申请类型：{TYPE_NAMES[kind][1]}"),
                  unit="flag")
          for kind in TYPES),
        retired(F.value("just_under_hundred",
                "CASE WHEN s.amount % 1000000 >= 950000 THEN 1 ELSE 0 END",
                ("just under a full hundred", "金额略低于整百",
                 "not just under a full hundred", "金额不是略低于整百"), unit="flag")),
        retired(F.value("refund_only_just_under",
                f"CASE WHEN s.type = 'refund_only' AND ({_just_under(ROUND)}) THEN 1 ELSE 0 END",
                ("refund only, for just under a round amount", "仅退款且金额略低于整数关口",
                 "not a refund-only request for just under a round amount", "不是金额略低于整数关口的仅退款"),
                unit="flag")),
        F.value("other_device",
                "CASE WHEN s.refund_device IS NOT NULL AND s.order_device IS NOT NULL THEN "
                "CASE WHEN s.refund_device <> s.order_device THEN 1 ELSE 0 END END",
                ("asked with another device than it was bought with", "申请设备与下单设备不同",
                 "asked with the device it was bought with", "申请设备与下单设备相同"),
                unit="flag"),
    ]  # fmt: skip


def _article() -> list[Feature]:
    return [
        *over((7, 30), lambda days: F.count(
            "sku_faults", ("{value} others found a fault with this article {window}",
                           "{window}另有{value}位客户反映该商品有问题"),
            of=SKU, where=FAULTY, days=days, story="sku_trouble")),
        F.share("sku_fault_share", ("{value} of the orders of this article were found faulty by "
                                    "others {window}", "该商品{window}订单中其他客户反映有问题占{value}"),
                part=counted(SKU, FAULTY, 30), whole=counted(SKU_ORDERS, days=30),
                prior=(0.2, 5.0), story="sku_trouble"),
        F.share("sku_usual_fault_share", ("faults found by others with this article: {value}, its "
                                          "other orders: {whole}",
                                          "该商品另有{whole}笔订单，其他客户反映问题{value}次"),
                part=counted(SKU, FAULTY), whole=counted(SKU_ORDERS), prior=(0.2, 5.0),
                story="sku_trouble"),
        F.share("sku_refund_share", ("{value} of the orders of this article are asked back {window}",
                                     "该商品{window}订单的申请占比{value}"),
                part=counted(SKU, days=30), whole=counted(SKU_ORDERS, days=30), prior=(0.5, 5.0),
                story="sku_trouble"),
        F.share("sku_usual_refund_share", ("requests by others for this article: {value}, its other "
                                           "orders: {whole}",
                                           "该商品另有{whole}笔订单，其他客户申请{value}次"),
                part=counted(SKU), whole=counted(SKU_ORDERS), prior=(0.5, 5.0),
                story="sku_trouble"),
        F.count("sku_orders", ("{value} other orders of this article", "该商品另有{value}笔订单"),
                of=SKU_ORDERS),
        F.count("sku_merchant_fault", ("the shop or courier was at fault with this article {value} times",
                                       "该商品有{value}次被认定商家或快递责任",
                                       "the shop or courier was never at fault with this article",
                                       "该商品从未被认定商家或快递责任"),
                of="findings@sku", where=AT_FAULT, risk=-1,
                story="sku_trouble"),
        retired(F.share(
            "sku_abuse_share", ("{value} of what was looked into with this article was abuse",
                                "该商品经核查的申请中滥用占{value}"),
            part=counted("findings@sku", "e.label = 1"), whole=counted("findings@sku"),
            prior=(0.5, 5.0))),
        F.share("sku_abuse_here_share", ("{value} of what this shop looked into with this article was "
                                         "abuse", "本店该商品经核查的申请中滥用占{value}"),
                part=counted("findings@sku", f"e.label = 1 AND {OWN_SHOP}"),
                whole=counted("findings@sku", OWN_SHOP), prior=(0.5, 5.0)),
        retired(F.share(
            "category_abuse_share", ("{value} of what was looked into in this category was abuse",
                                     "该类目经核查的申请中滥用占{value}"),
            part=counted("findings@category", "e.label = 1"),
            whole=counted("findings@category"), prior=(0.5, 5.0))),
    ]  # fmt: skip


def _usual() -> list[Feature]:
    """This line against what is usual of its article."""
    return [
        F.against("price_against_article", ("a piece costs {value} times what this article usually costs",
                                            "单价为该商品平常价格的{value}倍"),
                  part=moment("s.amount"), whole=moment("s.quantity"),
                  usual_part=summed(SKU_ORDERS, "e.amount", f"e.quantity > 0 AND {SAME_MONEY}"),
                  usual_whole=summed(SKU_ORDERS, "e.quantity", f"e.quantity > 0 AND {SAME_MONEY}")),
        F.ratio("pieces_against_article", ("{value} times the pieces usually ordered of this article",
                                           "件数为该商品平常订购的{value}倍"),
                part=summed(SKU_ORDERS, "s.quantity", "e.quantity > 0"),
                whole=summed(SKU_ORDERS, "e.quantity", "e.quantity > 0")),
    ]  # fmt: skip


def _merchant() -> list[Feature]:
    return [
        F.count("merchant_requests", ("{value} requests at this shop {window}",
                                      "该店铺{window}有{value}次申请"),
                of="requests@merchant", days=30),
        F.count("merchant_faults", ("the shop or its courier was found at fault {value} times {window}",
                                    "该店铺{window}有{value}次被认定商家或快递责任",
                                    "neither the shop nor its courier was found at fault {window}",
                                    "该店铺{window}没有被认定商家或快递责任"),
                of="findings@merchant", where=AT_FAULT, days=90, risk=-1),
        F.share("merchant_abuse_share", ("{value} of what was looked into at this shop was abuse",
                                         "该店铺经核查的申请中滥用占{value}"),
                part=counted("findings@merchant", "e.label = 1"),
                whole=counted("findings@merchant"), prior=(0.5, 5.0)),
        F.ratio("amount_against_merchant", ("this request is {value} times the largest lately at this "
                                            "shop", "本次金额为该店铺近期最大申请金额的{value}倍"),
                part=moment("s.amount"), whole=Measure("requests@merchant", "max", "e.amount", SAME_MONEY)),
    ]  # fmt: skip
