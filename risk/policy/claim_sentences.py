"""What whoever works a case is told to do first where a claim is still open, and of what is offered
for goods that were looked at."""

from __future__ import annotations

from risk.facts.localised import LocalisedText

OF_CLAIMS: dict[str, LocalisedText] = {
    "authentic": {
        "en": "Ask the shop for its papers of purchase and the brand's authorisation, and the "
        "customer what shows that it is not genuine, such as the batch code and the brand's "
        "answer. Settle the price by that, then what is asked beyond it.",
        "zh": "请商家提供进货凭据和品牌授权，请客户提供能说明并非正品的依据（如批号、品牌方答复）。"
        "先据此认定货款部分，再处理另行要求的金额。",
    },
    "extras": {
        "en": "Go through with the customer what is asked beyond the price: what law or a promise "
        "adds to it.",
        "zh": "与客户核对货款以外的部分：哪些属于依法或按承诺应付。",
    },
    "claim_first": {
        "en": "{items} Settle the price by that, then what is asked beyond it.",
        "zh": "{items}先据此认定货款部分，再处理另行要求的金额。",
    },
    "call_meanwhile": {
        "en": "Call the customer, who is upset, and hear what happened. Get meanwhile from shop "
        "and courier: {items}.",
        "zh": "客户情绪激动，请先致电了解情况；同时请商家和快递提供：{items}。",
    },
    "shop_call": {
        "en": "Look at what the shop sent, then call the customer and hear what happened.",
        "zh": "先查看商家提供的资料，再致电客户了解情况，然后作决定。",
    },
    "minor_back": {
        "en": "Have the shop look up what the child bought, and take back what is not used; for "
        "the rest hear the parent or guardian, and read what shows that a child paid.",
        "zh": "请商家核对孩子所购内容并收回未使用的部分；其余部分听取家长或监护人说明，"
        "并查看孩子付款的依据。",
    },
    "collect": {
        "en": "Have the shop arrange with the customer when the goods are collected, and at whose "
        "cost; settle it when they have arrived.",
        "zh": "请商家与客户约定上门取件的时间和费用承担，收到商品后办理。",
    },
    "collect_inspect": {
        "en": "Have the shop arrange with the customer when the goods are collected, and at whose "
        "cost; look at them when they arrive, then settle it.",
        "zh": "请商家与客户约定上门取件的时间和费用承担，商品到达后先验货再办理。",
    },
    "collect_repair": {
        "en": "Have the shop arrange with the customer when somebody comes to repair it, or it is "
        "collected for that.",
        "zh": "请商家与客户约定上门维修或取件的时间。",
    },
    "send_free": {
        "en": "Have the shop send what is missing or was not right: no amount is asked, so there "
        "is nothing to pay.",
        "zh": "请商家补发缺少或有问题的商品：申请没有金额，无需付款。",
    },
    "consent_fitter": {
        "en": "Ask the shop, and through it whoever fitted the article, for their record of it and "
        "whether they agree; the customer has the answer by the deadline.",
        "zh": "请商家并通过商家请安装方说明安装情况，并确认是否同意；在截止时间前答复客户。",
    },
    "service_back": {
        "en": "Have the shop cancel the service or booking, then settle it; if it was used, hear "
        "the customer first.",
        "zh": "请商家取消服务或预订后办理；如已使用，先听取客户说明。",
    },
    "service": {
        "en": "Read the shop's record with the customer: whether and when the service was done, or "
        "the booking used.",
        "zh": "与客户一起核对商家的服务或预订记录：是否、何时提供或使用。",
    },
    "no_record": {
        "en": "Call the shop and the customer, and hear when the service was done or the code sent "
        "and used: the shop says no and shows no record of it.",
        "zh": "分别致电商家和客户，了解服务何时提供、兑换码何时发放和使用："
        "商家表示不同意，但未提供记录。",
    },
    "minor": {
        "en": "Read with the parent or guardian what shows that a child paid, beside the record of "
        "the account; settle by that what was paid without their consent.",
        "zh": "与家长或监护人一起核对孩子付款的依据和账号记录；未经其同意支付的部分，据此办理。",
    },
    "offer": {"en": "Offer the customer: {items}.", "zh": "向客户提议：{items}。"},
    "offer_shown": {
        "en": "Look at what the shop shows of it, then offer the customer: {items}.",
        "zh": "先查看商家提供的影像，再向客户提议：{items}。",
    },
    "offer_unshown": {
        "en": "Ask the shop for pictures of what it found, then offer the customer: {items}.",
        "zh": "先请商家提供验货照片，再向客户提议：{items}。",
    },
}
"""A sentence by what is to be done."""

AS_ASKED: dict[str, LocalisedText] = {
    "exchange": {
        "en": "Have the shop send the other article, as asked.",
        "zh": "请商家按申请发出换货商品。",
    },
    "repair": {
        "en": "Have the shop repair it and send it back, as asked.",
        "zh": "请商家按申请维修并寄回给客户。",
    },
    "resend": {
        "en": "Have the shop send it again, as asked.",
        "zh": "请商家按申请补发。",
    },
}
"""How what is no payment is settled as asked, by the type of request."""
