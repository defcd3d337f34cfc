"""The words in which something is offered to a customer, or asked of whoever can show a claim."""

from __future__ import annotations

from risk.facts.localised import LocalisedText

SHOWN: LocalisedText = {"en": "Please send us: {items}.", "zh": "请提供：{items}。"}
"""How somebody is asked for what shows a claim."""

WHICH: dict[str, LocalisedText] = {
    "open_request": {
        "en": "You have two open requests for the goods of order {order}, and both together are "
        "more than what was paid. Which one shall stand: {this}, or {other}? Just answer "
        "this message.",
        "zh": "您就订单 {order} 的相同商品有两个未结申请，合计超过已付金额。"
        "请问保留哪一个：{this}，还是{other}？直接回复即可。",
    },
    "authentic": {
        "en": "To settle your request {refund} for order {order}, please send us what shows that "
        "the article is not genuine: for example a picture of its batch code and what the brand "
        "told you. We are asking the shop for its papers at the same time, and you hear from us "
        "by {until}.",
        "zh": "为尽快处理您就订单 {order} 提出的申请 {refund}，请提供能说明商品并非正品的依据，"
        "例如批号照片、品牌方的答复。我们同时已请商家提供进货凭据，最迟 {until} 给您消息。",
    },
}
"""What the customer is asked in writing in place of a call, by step."""

OFFER: LocalisedText = {
    "en": "For order {order} we can offer you {offer}. Would that be right for you? Until you say "
    "so your request stands as it is.",
    "zh": "订单 {order} 可为您提供以下方案：{offer}。是否同意？在您答复之前，您的申请不变。",
}
"""How an alternative is offered, named as the decision's message and next step name it."""

OFFER_FOUND: LocalisedText = {
    "en": "For order {order}, the inspection by {by} found: {found}; looking at the article or "
    "trying it on counts as no use. For this we can offer you {offer}. Would that be right for "
    "you? You may ask for the pictures, or tell us if you know it differently; until then your "
    "request stands as it is.",
    "zh": "订单 {order} 退回后，{by}验货结果为：{found}（正常查看、试穿不算使用）。"
    "可为您提供以下方案：{offer}。是否同意？您可以索取照片，如有异议也请告诉我们；"
    "在您答复之前，您的申请不变。",
}
"""The same where the goods were looked at: what was found, and how to object."""
