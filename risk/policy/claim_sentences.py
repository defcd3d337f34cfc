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
