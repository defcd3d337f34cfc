"""The words of what is asked, offered or said next, ready to be sent, by step."""

from __future__ import annotations

from risk.cases.steps.purchase_words import POINTS_OF_PURCHASE, SHOP_OF_PURCHASE
from risk.facts.localised import LocalisedText

_CONSENT: LocalisedText = {
    "en": "The customer asks for order {order}: {asked}, {reason}. Do you agree? Please answer by "
    "{until}.",
    "zh": "客户就订单 {order} 申请{asked}，理由为{reason}。请确认是否同意，并在 {until} 前答复。",
}


SHOP: dict[str, LocalisedText] = {
    **SHOP_OF_PURCHASE,
    "consent": _CONSENT,
    "consent_part": {
        "en": "The customer sends back order {order}: {reason}. Some of its articles are outside "
        "the right of return: do you agree to take those back too? Please answer by {until}.",
        "zh": "客户退回订单 {order}，理由为{reason}。其中部分商品不适用无理由退货，"
        "请确认是否同意一并退回，并在 {until} 前答复。",
    },
    "unanswered": _CONSENT,
    "stop": _CONSENT,
    "heard": {
        "en": "The customer says of order {order}: {reason}. By law the refund of {money} does not "
        "need your consent; if you have something to say to it, please do so by {until}.",
        "zh": "客户反映订单 {order}：{reason}。依法退款 {money} 无须商家同意；"
        "如有说明，请在 {until} 前提出。",
    },
    "bank": {
        "en": "The customer's bank is asked for money of order {order} that was paid back already. "
        "Please answer the bank in its time with the record of the refund, and tell us when that "
        "is done.",
        "zh": "客户的银行正在处理订单 {order} 的付款争议，而该款项已退还。"
        "请在银行规定的时限内以退款记录答复银行，完成后告知我们。",
    },
    "code_back": {
        "en": "Please take back the code or card of order {order}, and tell us whether and when it "
        "was used.",
        "zh": "请收回订单 {order} 的兑换码或卡券，并告知是否已使用、何时使用。",
    },
    "pictures": {
        "en": "Please send your film of opening the return of request {refund}, pictures of what "
        "came back, and its serial number. Please answer by {until}.",
        "zh": "请提供申请 {refund} 的退货开箱视频、退回商品的图片和序列号。请在 {until} 前答复。",
    },
    "packing": {
        "en": "Please send your film of packing order {order}, and what you know of its weight and "
        "seal. Please answer by {until}.",
        "zh": "请提供订单 {order} 的打包视频，以及包裹重量和封条的情况。请在 {until} 前答复。",
    },
    "dispatch": {
        "en": "Was order {order} sent? Please tell us when, with which courier and under which "
        "number. Please answer by {until}.",
        "zh": "订单 {order} 是否已发货？请告知发货时间、快递公司和单号。请在 {until} 前答复。",
    },
    "authentic": {
        "en": "The customer of order {order} says that the article is not genuine. Please send "
        "your papers of purchase and the brand's authorisation for it. Please answer by "
        "{until}.",
        "zh": "订单 {order} 的客户反映商品并非正品。请提供该商品的进货凭据和品牌授权。"
        "请在 {until} 前答复。",
    },
    "offer": {
        "en": "You found the return of request {refund} not as it was sent. Please send pictures "
        "of what you found. Please answer by {until}.",
        "zh": "贵店验货称申请 {refund} 退回的商品与寄出时不一致。请提供验货照片。"
        "请在 {until} 前答复。",
    },
    "proof": {
        "en": "Please send what shows that the article of order {order} had no fault when it was "
        "handed over.",
        "zh": "请提供订单 {order} 的商品在交付时无瑕疵的资料。",
    },
    "payment": {
        "en": "What was charged for order {order}, and when? Please send the payment record.",
        "zh": "订单 {order} 何时收取了多少款项？请提供付款记录。",
    },
    "order": {
        "en": "We have no record of order {order}. Is it yours? Please tell us what was bought, by "
        "whom and what was paid.",
        "zh": "我们没有订单 {order} 的记录。请确认是否为贵店订单，"
        "并告知所购商品、购买人和付款金额。",
    },
    "open": {
        "en": "The return of request {refund} weighs far less than what should come back. Please "
        "open it on film, and send us the film with the parcel's label in sight.",
        "zh": "申请 {refund} 的退货包裹明显轻于应退商品。"
        "请全程录像开箱并拍到面单，将录像发给我们。",
    },
    "look": {
        "en": "The courier has scanned the return of request {refund} as delivered. Please look at "
        "what came back and tell us how it is, with photos. Please answer by {until}.",
        "zh": "快递显示申请 {refund} 的退货已签收。请查看退回的商品，告知其状况并附照片。"
        "请在 {until} 前答复。",
    },
    "refused_back": {
        "en": "The parcel of order {order} was refused at the door and sent back. Has it reached "
        "you? Please answer by {until}.",
        "zh": "订单 {order} 的包裹被拒收并已退回，贵店是否已收到？请在 {until} 前答复。",
    },
    "receipt": {
        "en": "The courier has scanned the return of request {refund} as delivered. Has it reached "
        "you? Please check it in, or tell us that it did not come. Please answer by "
        "{until}.",
        "zh": "快递显示申请 {refund} 的退货已签收。请确认是否收到：收到请登记入库，未收到请告知。"
        "请在 {until} 前答复。",
    },
}
"""What the shop is asked, by step."""

_SEND_BACK: LocalisedText = {
    "en": "Thank you for your patience. For your request {refund} we still need the goods of order "
    "{order}. Please send them back and tell us the tracking number; {then}. If you would rather "
    "keep them, just tell us.",
    "zh": "感谢您的耐心等待。您的申请 {refund} 还需退回订单 {order} 的商品。"
    "请寄回商品并告知快递单号，{then}。如果您想保留商品，请告诉我们。",
}
_THEN: dict[str, LocalisedText] = {
    "goods": {"en": "once they have arrived, we settle it", "zh": "我们收到后即为您办理"},
    "inspect": {
        "en": "once they have arrived and were looked at, we settle it",
        "zh": "我们收到并查看后即为您办理",
    },
    "sending": {"en": "once they are sent, the money is due to you", "zh": "寄出后即为您退款"},
}
CUSTOMER: dict[str, LocalisedText] = {
    step: {
        language: text.replace("{then}", then[language]) for language, text in _SEND_BACK.items()
    }
    for step, then in _THEN.items()
}
"""What the customer is reminded of, by step, while nothing was sent back."""

_POINTS: dict[str, LocalisedText] = {
    **POINTS_OF_PURCHASE,
    "amount": {
        "en": "You ask for {money}; we would like to go through with you what was paid and what "
        "was paid back already.",
        "zh": "您申请退款 {money}，我们想与您核对已付和已退的金额。",
    },
    "disputed": {
        "en": "Your bank was asked for money of this order as well; we would like to agree with "
        "you on one way to settle it.",
        "zh": "您的银行也已受理这笔订单的付款争议，我们想与您商定由一处办理。",
    },
    "contested": {
        "en": "Please have the receipt of the return parcel at hand.",
        "zh": "请备好退货包裹的寄件凭证。",
    },
    "compare_return": {
        "en": "We would like to go through with you what you received and what you sent back.",
        "zh": "主要想与您核对收到的商品和寄回的商品。",
    },
    "shop_declined": {
        "en": "We would like to tell you what the shop has answered, and what else you may do.",
        "zh": "我们想告知您商家的答复以及您还可以选择的方式。",
    },
    "extras": {
        "en": "It is about what you ask for beyond the price of the goods.",
        "zh": "主要想核对您在货款之外提出的金额。",
    },
    "choice": {
        "en": "A repair does not suit an article of this kind; we would like to hear what you "
        "would rather have.",
        "zh": "此类商品不适合维修，我们想了解您希望的其他处理方式。",
    },
    "code": {
        "en": "It is about when the code was sent and whether it was used.",
        "zh": "主要想核对兑换码的发放和使用情况。",
    },
    "found": {
        "en": "We would like to tell you what was found, and how you can appeal.",
        "zh": "我们想告知您认定结果以及申诉方式。",
    },
    "call": {
        "en": "We would like to hear from you what happened.",
        "zh": "我们想听您说明当时的情况。",
    },
}
_CALLED: LocalisedText = {
    "en": "We are looking at your request {refund} for order {order}. {point} When may we call "
    "you, and on which number?",
    "zh": "我们正在处理您就订单 {order} 提出的申请 {refund}。{point}"
    "请告知方便接听的时间和电话号码。",
}
CALL: dict[str, LocalisedText] = {
    step: {language: text.replace("{point}", point[language]) for language, text in _CALLED.items()}
    for step, point in _POINTS.items()
}
"""What the customer is told before a call, by step."""
