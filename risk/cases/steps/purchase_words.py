"""The words of what is asked or said next of services, bookings and a child's purchase, by step."""

from __future__ import annotations

from risk.facts.localised import LocalisedText

_COLLECT: LocalisedText = {
    "en": "The customer gives back the goods of order {order}, which are too bulky for the post. "
    "Please arrange with them when they are collected, tell them first what it costs where that is "
    "theirs, and tell us the day. Please answer by {until}.",
    "zh": "客户退回订单 {order} 的大件商品，不便邮寄。请与客户约定上门取件的时间，"
    "费用由客户承担的请事先告知金额，并将取件日期告知我们。请在 {until} 前答复。",
}

SHOP_OF_PURCHASE: dict[str, LocalisedText] = {
    "collect": _COLLECT,
    "collect_inspect": _COLLECT,
    "collect_repair": {
        "en": "The goods of order {order} are to be repaired and are too bulky for the post. "
        "Please arrange with the customer when somebody comes, or they are collected, and tell us "
        "the day. Please answer by {until}.",
        "zh": "订单 {order} 的大件商品需要维修，不便邮寄。请与客户约定上门维修或取件的时间，"
        "并将日期告知我们。请在 {until} 前答复。",
    },
    "minor_back": {
        "en": "A child paid for order {order}. Please look up what was bought, take back what is "
        "not used, and tell us what was used and when. Please answer by {until}.",
        "zh": "订单 {order} 由未成年人付款。请核对所购内容、收回未使用的部分，"
        "并告知已使用的内容和时间。请在 {until} 前答复。",
    },
    "send_free": {
        "en": "Please send the customer what was missing from order {order}, or was not right, and "
        "tell us when it leaves. Please answer by {until}.",
        "zh": "请为订单 {order} 补发缺少或有问题的商品，并告知发出时间。请在 {until} 前答复。",
    },
    "consent_fitter": {
        "en": "The customer of order {order} says that whoever fitted it damaged it, and asks for "
        "{asked}. What do you and the fitter have on record of it, and do you agree? Please "
        "answer by {until}.",
        "zh": "订单 {order} 的客户反映安装时造成损坏，申请{asked}。请提供贵店和安装方的记录，"
        "并确认是否同意。请在 {until} 前答复。",
    },
    "service_back": {
        "en": "Please cancel the service or booking of order {order}, and tell us whether and when "
        "it was used.",
        "zh": "请取消订单 {order} 的服务或预订，并告知是否已使用、何时使用。",
    },
}
POINTS_OF_PURCHASE: dict[str, LocalisedText] = {
    "service": {
        "en": "It is about whether and when the service was done, or the booking used.",
        "zh": "主要想核对服务或预订是否、何时提供或使用。",
    },
    "no_record": {
        "en": "It is about when the service was done, or the code came and was used.",
        "zh": "主要想了解服务何时提供，或兑换码何时收到和使用。",
    },
    "minor": {
        "en": "It is about how the payment came about, and what you and the shop have on it.",
        "zh": "主要想了解付款的经过，并核对您和商家提供的资料。",
    },
}
