"""The words of what is asked or said next of services, bookings and a child's purchase, by step."""

from __future__ import annotations

from risk.facts.localised import LocalisedText

SHOP_OF_PURCHASE: dict[str, LocalisedText] = {
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
