"""What whoever works a case is told to do next, in both languages."""

from __future__ import annotations

from risk.facts.localised import LocalisedText
from risk.policy.claim_sentences import OF_CLAIMS
from risk.policy.record_sentences import RECORDS

TEXTS: dict[str, LocalisedText] = {
    **RECORDS,
    **OF_CLAIMS,
    "courier": {"en": "Ask the courier for: {items}.", "zh": "请向快递索取：{items}。"},
    "customer": {
        "en": "Ask the customer: “Please send us: {items}.”",
        "zh": "询问客户：“请提供：{items}。”",
    },
    "merchant": {"en": "Ask the shop for: {items}.", "zh": "请商家提供：{items}。"},
    "consent_part": {
        "en": "Ask the shop whether it agrees to take back the articles outside the right of "
        "return; the others come back by right. The customer has the answer by the deadline.",
        "zh": "请商家确认是否同意退回不适用无理由退货的商品，其余照常退货；在截止时间前答复客户。",
    },
    "consent": {
        "en": "Ask the shop whether it agrees; the customer has the answer by the deadline.",
        "zh": "请商家确认是否同意，并在截止时间前答复客户。",
    },
    "no_amount": {
        "en": "Wait for the customer to name an amount: the request asks for none, so nothing is "
        "paid for it.",
        "zh": "等待客户告知退款金额：申请金额为零，目前没有可支付的款项。",
    },
    "receipt": {
        "en": "Wait for the shop to check the return in; the courier has scanned it as delivered.",
        "zh": "快递显示退货已签收，等待商家确认收货。",
    },
    "withdrawn": {
        "en": "Nothing: the customer has withdrawn the request.",
        "zh": "无需处理：客户已撤回申请。",
    },
    "settled": {
        "en": "Nothing: what was granted for this request is paid.",
        "zh": "无需处理：这次申请应付的款项已支付。",
    },
    "refused": {
        "en": "Nothing: it was refused, for nothing could be determined; an appeal opens it again.",
        "zh": "无需处理：未能认定事实，已拒绝；如有申诉会重新处理。",
    },
    "unsafe": {
        "en": "Call the customer at once: is anybody hurt? Nothing is used or sent by post. Then "
        "tell the shop, and look whether others complain of the same article.",
        "zh": "立即致电客户：是否有人受伤？请其停用且不要邮寄；再通知商家，并核查是否有同类投诉。",
    },
    "pay": {"en": "Settle it as asked.", "zh": "按申请办理。"},
    "replace": {
        "en": "Have the shop send a new one: this cannot be repaired. Pay it back instead where "
        "the customer answers that they would rather have the money.",
        "zh": "此类商品无法维修：请商家换新；客户答复希望退款的，改为退款。",
    },
    "pay_price": {
        "en": "Settle the price of the goods: what is asked beside it is the customer's to bear.",
        "zh": "按货款办理：货款之外申请的金额由客户承担。",
    },
    "cancel": {
        "en": "Have the shop cancel the order, so that no parcel leaves any more, and settle it as "
        "asked.",
        "zh": "请商家取消订单、不再发货，并按申请办理。",
    },
    "bank": {
        "en": "Have the bank answered in its time with the record of this refund: it is paid once.",
        "zh": "请在银行规定的时限内以本次退款记录答复银行：款项已退，不重复支付。",
    },
    "shop_declined": {
        "en": "Tell the customer that the shop does not agree, and what else they may do.",
        "zh": "告知客户商家不同意，并说明其他处理方式；仍有分歧的由平台决定。",
    },
    "code_back": {
        "en": "Have the shop take the code back, then settle it; if it was used, hear the customer "
        "first.",
        "zh": "请商家收回兑换码或卡券后办理；如已使用，先听取客户说明。",
    },
    "heard": {
        "en": "Tell the shop what the customer says, and settle it as asked: by law its consent is "
        "not needed.",
        "zh": "将客户所述告知商家，并按申请办理：依法无须商家同意。",
    },
    "sending": {
        "en": "Wait until the customer has sent the goods; by law the money is due then, with what "
        "standard delivery cost where the whole order goes back.",
        "zh": "等待客户寄出商品；依法在寄出后即应退款，整单退货的还应退还原标准配送费。",
    },
    "disputed": {
        "en": "Settle with the customer in one place: their bank is asked for money of this order "
        "as well. Answer the bank, or pay, not both.",
        "zh": "与客户商定由一处办理：客户的银行也已受理这笔订单的付款争议。"
        "答复银行或直接退款，二者择一。",
    },
    "contested": {
        "en": "Compare the courier's address and proof of delivery with what the shop says, and "
        "hear the customer, before anything is decided.",
        "zh": "核对快递的签收地址和凭据与商家的说法，并听取客户说明，再作决定。",
    },
    "unanswered": {
        "en": "Get the shop's answer now, or have the platform decide: the deadline has passed, "
        "and the shop has not said whether it agrees.",
        "zh": "请立即取得商家答复，或由平台决定：答复时限已过，商家尚未表示是否同意。",
    },
    "pay_still": {
        "en": "Have the courier send the parcel back, should it find it, and settle it as asked: "
        "it has not moved for days.",
        "zh": "按申请办理：包裹已多日没有物流更新；请快递找到后退回商家。",
    },
    "pay_found": {"en": "Settle it as was found.", "zh": "按认定结果办理。"},
    "sent": {
        "en": "Pay it now: by law the money is due once the goods were sent; look at them when "
        "they arrive.",
        "zh": "现在付款：依法在客户寄出后即应退款，商品到达后再查看。",
    },
    "proof": {
        "en": "Ask the shop for what shows that the article had no fault when it was handed over: "
        "by law the shop proves it.",
        "zh": "请商家提供交付时商品无瑕疵的资料：依法由商家举证。",
    },
    "payment": {
        "en": "Look at the payment and the price with the shop: what was charged, and when; then "
        "pay what is due.",
        "zh": "与商家核对付款和价格：何时收取了多少，然后退还应退的金额。",
    },
    "pictures": {
        "en": "Ask the shop for its film of opening the return, pictures of what came back and its "
        "serial number, and compare them with what was sent.",
        "zh": "请商家提供退货开箱视频、退回商品的图片和序列号，与发出的商品核对。",
    },
    "compare": {
        "en": "Compare the customer's pictures with those of the inspection, then hear the "
        "customer.",
        "zh": "核对客户与验货方的图片，再听取客户说明。",
    },
    "compare_shop": {
        "en": "Compare what the customer says and shows with what shop and courier have on record, "
        "then hear the customer.",
        "zh": "将客户所述和提供的资料与商家、快递的记录核对，再听取客户说明。",
    },
    "compare_return": {
        "en": "Compare what came back with what was sent: the shop's pictures of both, weights and "
        "records; then hear the customer.",
        "zh": "将退回的商品与发出时的资料核对（双方影像、重量和记录），再听取客户说明。",
    },
    "packing": {
        "en": "Get the shop's packing film and the courier's weights, then hear the customer.",
        "zh": "请商家提供打包视频、请快递提供途中称重记录，再听取客户说明。",
    },
    "lighter": {
        "en": "Ask the courier where the return lost weight on its way, then hear the customer.",
        "zh": "请快递核实退货包裹寄出后在哪一环节变轻，再听取客户说明。",
    },
    "read_call": {
        "en": "Look at what the courier sent, then call the customer and hear what happened.",
        "zh": "先查看快递提供的签收资料，再致电客户了解情况，然后作决定。",
    },
    "unconfirmed": {
        "en": "Settle it as asked: the shop has not checked in a return that was scanned as "
        "delivered. Have the courier confirm where it was left.",
        "zh": "按申请办理：退货显示已签收，商家逾期未登记入库。请快递核实签收地址。",
    },
    "goods": {
        "en": "Wait for the goods; settle it when they have arrived.",
        "zh": "等待商品退回，收到后办理。",
    },
    "inspect": {
        "en": "Wait for the goods; look at them when they arrive, then settle it.",
        "zh": "等待商品退回，收到后先验货再办理。",
    },
    "amount": {
        "en": "Go through the amount with the customer: more is asked than is left of it.",
        "zh": "与客户核对金额：申请金额超过已付金额的剩余部分。",
    },
    "open_request": {
        "en": "Ask the customer which request stands: another open one asks for the same goods.",
        "zh": "请客户确认保留哪一个申请：另有未结申请涉及相同商品。",
    },
    "open": {
        "en": "Have the shop open the return on film: {items}.",
        "zh": "请商家录像开箱：{items}。",
    },
    "look": {
        "en": "Have the shop look at what came back: the courier has scanned it as delivered.",
        "zh": "退货已签收，请商家查看退回的商品。",
    },
    "order": {
        "en": "Look the order up with the shop before any money moves.",
        "zh": "付款前先与商家核实订单。",
    },
    "choice": {
        "en": "Settle with the customer what they would rather have: this cannot be repaired.",
        "zh": "与客户商定其他方式：此类商品无法维修。",
    },
    "code": {
        "en": "Read the shop's record of the code with the customer: when it was sent and used.",
        "zh": "与客户一起核对商家的发放和使用记录：何时发放、是否已使用、何时使用。",
    },
    "found": {
        "en": "Tell the customer what was found and how to appeal.",
        "zh": "告知客户认定结果以及如何申诉。",
    },
    "call": {
        "en": "Call the customer and hear what happened before anything is decided.",
        "zh": "先致电客户了解情况，再作决定。",
    },
}
"""A sentence for whoever works the case, by what is to be done."""
