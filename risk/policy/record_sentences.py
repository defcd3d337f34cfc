"""What whoever works a case is told to do about a parcel and what is on record of it."""

from __future__ import annotations

from risk.facts.localised import LocalisedText

RECORDS: dict[str, LocalisedText] = {
    "record": {
        "en": "Ask the courier where the parcel is, then settle it by the answer.",
        "zh": "先向快递核对包裹去向，再按答复办理。",
    },
    "handed_over": {
        "en": "Ask the courier to whom and where the parcel was handed over, then settle it by the "
        "answer.",
        "zh": "先向快递核实包裹由谁、在哪里签收，再按答复办理。",
    },
    "late": {
        "en": "Ask the courier when the parcel was promised and when it was delivered, then settle "
        "it by the answer.",
        "zh": "先向快递核实承诺送达日和实际送达日，再按答复办理。",
    },
    "intercept": {
        "en": "Have the courier stop or redirect the parcel; settle it, or send another, by its "
        "answer.",
        "zh": "先请快递拦截或改派包裹，再按其答复办理或补寄。",
    },
    "second": {
        "en": "Ask the courier when the parcel comes that is still on its way, or have it stopped; "
        "settle it by the answer.",
        "zh": "先请快递告知仍在途的包裹何时送达，或予以拦截，再按答复办理。",
    },
    "second_all": {
        "en": "Ask the courier when the parcel comes that is still on its way, or have it stopped; "
        "another was delivered by its record: settle what does not come, by the answer.",
        "zh": "物流显示部分包裹已签收：先请快递告知仍在途的包裹何时送达，或予以拦截，"
        "再按答复办理未送达的部分。",
    },
    "second_still": {
        "en": "Ask the courier where the parcel is that has not moved for days; another was "
        "delivered by its record: settle what does not come, by the answer.",
        "zh": "物流显示部分包裹已签收：先请快递查找多日没有物流更新的包裹，"
        "再按答复办理未送达的部分。",
    },
    "second_lost": {
        "en": "Settle what was in the parcel that the courier lost or sent back; another was "
        "delivered by its record: ask to whom and where, if the customer says that nothing came.",
        "zh": "先办理丢失或被退回包裹中的商品；物流显示另一个包裹已签收，"
        "客户反映全部未收到的，请快递核实由谁、在哪里签收。",
    },
    "stop": {
        "en": "Have the courier stop the parcel, and ask the shop whether it agrees to take it "
        "back; the customer has the answer by the deadline.",
        "zh": "先请快递拦截包裹，同时请商家确认是否同意退货，并在截止时间前答复客户。",
    },
    "address": {
        "en": "Ask the courier at which address the return was left, then settle it by the answer.",
        "zh": "请快递核对退货包裹的签收地址，再按答复办理。",
    },
    "astray": {
        "en": "Ask the courier what became of the return, then settle it or have it sent again by "
        "the answer.",
        "zh": "先请快递核实退货包裹的去向，再按答复办理或请客户重新寄回。",
    },
    "read": {
        "en": "Read what the courier sent before anything is paid: settle it as asked, unless it "
        "shows that the customer has the parcel.",
        "zh": "付款前先查看快递提供的资料：除非其显示客户已收到包裹，否则按申请办理。",
    },
    "consent_read": {
        "en": "Read what the shop wrote: settle it as asked where it agrees; otherwise ask it, and "
        "the customer has the answer by the deadline.",
        "zh": "先查看商家的回复：同意的按申请办理，否则请商家明确答复，并在截止时间前答复客户。",
    },
    "read_return": {
        "en": "Read what was said of the return, then settle it as asked, unless it never came.",
        "zh": "付款前先查看快递和商家关于退货的说明：除非其显示退货未送达商家，否则按申请办理。",
    },
    "read_shop": {
        "en": "Read what the shop sent before anything is paid: settle it as asked, unless it "
        "shows that the customer has the parcel.",
        "zh": "付款前先查看商家提供的资料：除非其显示客户已收到包裹，否则按申请办理。",
    },
    "packed": {
        "en": "Look at what was given of the packing, such as a film or weights, before anything "
        "is paid or sent: settle it as asked, unless it shows that all went in as ordered.",
        "zh": "付款或补发前先查看已提供的打包资料（如视频、重量记录）："
        "除非其显示商品已如数、正确装入，否则按申请办理。",
    },
    "purchase": {
        "en": "Look at the shop's papers of purchase before anything is paid: settle it as asked, "
        "unless they show where this article comes from.",
        "zh": "付款前先查看商家提供的进货凭据：除非其显示该商品的正规来源，否则按申请办理。",
    },
    "look_claim": {
        "en": "Look at what the customer gave, beside anything that shop or courier said, before "
        "anything is paid: settle it as asked, unless it shows otherwise.",
        "zh": "付款前先查看客户提供的资料，并对照商家、快递的说明（如有）："
        "除非另有发现，否则按申请办理。",
    },
    "read_way": {
        "en": "Read what the courier said of the parcel, and settle it by that: as asked, where it "
        "does not come or was stopped.",
        "zh": "请查看快递关于包裹的答复，并据此办理：包裹不再送达或已拦截的，按申请办理。",
    },
    "read_part": {
        "en": "Read what the courier said, and settle by that only what does not come: another "
        "parcel of the order was delivered by its record.",
        "zh": "请查看快递的答复，并据此只办理未送达的部分：物流显示订单的另一个包裹已签收。",
    },
    "dispatch": {
        "en": "Ask the shop whether and when the parcel left, with which courier and number, then "
        "settle it by the answer.",
        "zh": "请商家确认是否发货、何时发货以及快递公司和单号，再按答复办理。",
    },
    "refused_way": {
        "en": "Ask the courier whether the parcel that the customer refused is on its way back; "
        "settle it once it has arrived at the shop.",
        "zh": "请快递核实客户拒收的包裹是否正在退回；商家收到后办理。",
    },
    "refused_back": {
        "en": "Wait for the shop to have the parcel that the customer refused, then settle it: by "
        "the courier's record it was sent back.",
        "zh": "物流显示客户拒收的包裹已退回：等待商家确认收到后办理。",
    },
    "refused_late": {
        "en": "Settle it as asked: by the courier's record the parcel that the customer refused "
        "was sent back, and the deadline has passed without a word of the shop.",
        "zh": "请按申请办理：物流显示客户拒收的包裹已退回，答复时限已过而商家尚未答复。",
    },
    "refused_read": {
        "en": "Read what courier or shop said of the parcel that the customer refused, and settle "
        "it as asked once it is back.",
        "zh": "请查看快递或商家关于拒收包裹的答复，确认退回后按申请办理。",
    },
    "recover": {
        "en": "Have the courier bring the parcel to the right address, or fetch it back: another "
        "one was given by mistake. Settle it, or send it again, once it was stopped or is back.",
        "zh": "收货地址填写有误：请快递将包裹改送到正确的地址或取回；拦截或退回后再办理或补寄。",
    },
    "recover_read": {
        "en": "Read what was answered about the parcel that went to another address, and settle it "
        "or send it again once it was stopped or is back; otherwise tell the customer where it is.",
        "zh": "请查看关于误填地址包裹的答复：已拦截或退回的办理或补寄，否则告知客户包裹现在何处。",
    },
    "overdue_part": {
        "en": "Get the courier's answer now, or settle without it what has not come: the deadline "
        "has passed, and the platform pays by itself.",
        "zh": "请立即取得快递答复，或不再等待、直接办理未送达的部分："
        "答复时限已过，平台将自动退款。",
    },
    "overdue": {
        "en": "Get the courier's answer now, or settle it without: the deadline has passed, and "
        "the platform pays by itself.",
        "zh": "请立即取得快递答复，或不再等待、直接办理：答复时限已过，平台将自动退款。",
    },
}
"""A sentence by step, of those that ask for a record or read one."""
