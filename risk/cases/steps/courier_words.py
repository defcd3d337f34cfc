"""The words of what the courier is asked, ready to be sent, by step."""

from __future__ import annotations

from risk.facts.localised import LocalisedText

_RECORD: LocalisedText = {
    "en": "Where is the parcel of order {order}? Please send its delivery record: when and where "
    "it was handed over, to whom, and the proof of delivery. Please answer by {until}.",
    "zh": "请核实订单 {order} 的包裹去向，并提供派送记录：何时何地交付、由谁签收以及签收凭据。"
    "请在 {until} 前答复。",
}
_STOP: LocalisedText = {
    "en": "Please stop the parcel of order {order} and send it back, and tell us whether that is "
    "still possible. Please answer by {until}.",
    "zh": "请拦截订单 {order} 的包裹并退回，并告知是否还来得及。请在 {until} 前答复。",
}
_ADDRESS: LocalisedText = {
    "en": "At which address, and to whom, was the return parcel of request {refund} handed "
    "over? Please send the proof of delivery.",
    "zh": "申请 {refund} 的退货包裹在哪个地址、由谁签收？请提供签收凭据。",
}
_LATE: LocalisedText = {
    "en": "When was the parcel of order {order} promised, and when was it delivered? Please send "
    "its tracking record. Please answer by {until}.",
    "zh": "请提供订单 {order} 的物流轨迹，包括承诺和实际送达日。请在 {until} 前答复。",
}

COURIER: dict[str, LocalisedText] = {
    "second": {
        "en": "One parcel of order {order} is delivered and another still on its way: when does "
        "that one arrive, and can it be stopped? Please answer by {until}.",
        "zh": "订单 {order} 的包裹有的已送达、有的仍在途：在途的何时送达，能否拦截？"
        "请在 {until} 前答复。",
    },
    "second_still": {
        "en": "One parcel of order {order} is delivered and another has not moved for days: where "
        "is that one, and does it still arrive? Please answer by {until}.",
        "zh": "订单 {order} 的包裹有的已送达、有的多日没有物流更新：后者在哪里，还能否送达？"
        "请在 {until} 前答复。",
    },
    "second_lost": {
        "en": "One parcel of order {order} is recorded as delivered and another as lost or sent "
        "back: to whom and where was the first handed over, and what was in the other? Please "
        "answer by {until}.",
        "zh": "订单 {order} 的包裹有的显示已签收、有的丢失或被退回：前者由谁、在哪里签收，"
        "后者内有哪些商品？请在 {until} 前答复。",
    },
    "refused_way": {
        "en": "The parcel of order {order} was refused at the door. Is it on its way back to the "
        "shop, and when does it arrive there? Please answer by {until}.",
        "zh": "订单 {order} 的包裹已被拒收，是否正在退回商家、何时送达？请在 {until} 前答复。",
    },
    "recover": {
        "en": "The parcel of order {order} carries another address than it should. Can it be "
        "stopped, fetched and brought to the right address, or else sent back? Please answer "
        "by {until}.",
        "zh": "订单 {order} 的收货地址有误。能否拦截、取回并改送到正确的地址，或退回商家？"
        "请在 {until} 前答复。",
    },
    "late": _LATE,
    "record": _RECORD,
    "overdue": _RECORD,
    "intercept": _STOP,
    "stop": _STOP,
    "packing": {
        "en": "What did the parcel of order {order} weigh at each scan? Please send the records, "
        "and what the driver says of its opening. Please answer by {until}.",
        "zh": "请提供订单 {order} 的包裹各环节的称重记录，以及派送员对开箱情况的说明。"
        "请在 {until} 前答复。",
    },
    "lighter": {
        "en": "The return parcel of request {refund} weighed less on arrival than when it was "
        "handed in. Please send its weights at each scan and tell us what became of the contents. "
        "Please answer by {until}.",
        "zh": "申请 {refund} 的退货包裹签收时明显轻于寄出时。请提供各环节的称重记录，"
        "并核实内件去向。请在 {until} 前答复。",
    },
    "address": _ADDRESS,
    "unconfirmed": _ADDRESS,
    "astray": {
        "en": "What became of the return parcel of request {refund}? Please look for it, and tell "
        "us where it was last seen.",
        "zh": "请查找申请 {refund} 的退货包裹，并告知其最后出现的位置。",
    },
}
"""What the courier is asked, by step."""
