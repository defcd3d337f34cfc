"""What was found of a request, as its customer is told: facts, and no word about the person."""

from __future__ import annotations

from risk.facts.localised import LocalisedText
from risk.findings import (
    CONFIRMS,
    INCOMPLETE,
    POSITIVE_CONDITIONS,
    POSITIVE_VERDICTS,
    WORN_CONDITIONS,
)
from risk.policy.schema import Policy
from risk.policy.settlement import may_send_back
from risk.policy.situation import Situation

FOUND: dict[str, LocalisedText] = {
    "differs": {"en": "what was found differs from what you told us",
                "zh": "核查结果与您的说明不一致"},
    "different_item": {"en": "another article came back than the one that was sent",
                       "zh": "退回的商品与发出的商品不是同一件"},
    "counterfeit": {"en": "another article came back than the one that was sent",
                    "zh": "退回的商品与发出的商品不是同一件"},
    "empty": {"en": "the parcel came back without the article", "zh": "退回的包裹中没有商品"},
    "used": {"en": "the article came back with signs of use", "zh": "退回的商品有使用痕迹"},
    "damaged_by_customer": {"en": "the article came back with damage", "zh": "退回的商品有损坏"},
    "incomplete": {"en": "a part of the article did not come back", "zh": "退回的商品缺少配件"},
    "legitimate": {"en": "it is as you told us", "zh": "情况与您的说明一致"},
    "merchant_fault": {"en": "the shop was at fault", "zh": "问题出在商家"},
    "courier_fault": {"en": "something went wrong on the way to you", "zh": "问题出在运输途中"},
}  # fmt: skip
"""By verdict or by the condition that an inspection found."""

_NOT_BORNE_OUT: dict[str, LocalisedText] = {
    "not_received": {"en": "the record of the parcel shows that it was handed over",
                     "zh": "物流记录显示包裹已签收"},
    "damaged": {"en": "what was found does not show that the article reached you damaged",
                "zh": "现有资料未显示商品送达时已损坏"},
    "defective": {"en": "what was found does not show a fault of the article",
                  "zh": "现有资料未显示商品存在故障"},
    "not_as_described": {"en": "what was found does not show a difference from the description",
                         "zh": "现有资料未显示商品与描述不符"},
    "wrong_item": {"en": "what was found does not show that another article was sent",
                   "zh": "现有资料未显示发出的是其他商品"},
    "missing_item": {"en": "what was found does not show that a part of the order was missing",
                     "zh": "现有资料未显示订单有缺件"},
    "counterfeit": {"en": "what was found does not show that the article is not genuine",
                    "zh": "现有资料未显示商品不是正品"},
}  # fmt: skip
"""By reason code, what a finding against the claim says of it where no inspection does."""

_BACK: LocalisedText = {
    "en": " What came back stays yours: just answer this message, and it is sent back to you; "
    "within {hours} hours you hear when it leaves.",
    "zh": "退回的商品仍归您所有：直接回复这条消息即可为您寄回，{hours} 小时内告知您寄出时间。",
}
_COMING: LocalisedText = {
    "en": " The article that is on its way to us stays yours: just answer this message, and it is "
    "sent back to you; within {hours} hours you hear when it leaves.",
    "zh": "正在寄回途中的商品仍归您所有：直接回复这条消息即可为您寄回，"
    "{hours} 小时内告知您寄出时间。",
}
_RIGHT: LocalisedText = {
    "en": " You may still send the article back by right, which needs nobody's consent: just ask "
    "for a return.",
    "zh": "您仍可在规定期限内申请退货，无需任何一方同意。",
}  # fmt: skip


def found_words(policy: Policy, case: Situation) -> LocalisedText:
    """What was found of the claim: the inspection that speaks against it, else what the claim is
    about, else the verdict."""
    if case.verdict not in POSITIVE_VERDICTS:
        return FOUND.get(case.verdict or "", FOUND["differs"])
    seen = next((one for one in case.inspections if one in FOUND), None)
    if seen is not None or "found_partly" not in policy.phrases:
        return FOUND[seen or "differs"]
    reason = case.reason_code
    handed_over = reason != "not_received" or case.courier == "delivered"
    return _NOT_BORNE_OUT.get(reason, FOUND["differs"]) if handed_over else FOUND["differs"]


def goods_words(policy: Policy, case: Situation, language: str) -> str:
    """Where the goods of a request are that was not granted, and what may be done with them."""
    hours = policy.deadline.reply_hours
    if case.return_arrived or set(case.inspections) - {"empty"}:
        return _BACK[language].format(hours=hours)
    if case.return_arrived is False:
        return _COMING[language].format(hours=hours)
    return _RIGHT[language] if may_send_back(policy, case) else ""


_ALL_BACK: LocalisedText = {
    "en": "the article back with all its parts",
    "zh": "商品连同全部配件寄回",
}
_SOME_BACK: LocalisedText = {
    "en": "back the pieces that you return, with all their parts",
    "zh": "要退的那部分商品连同其配件寄回",
}


def back_words(case: Situation) -> LocalisedText:
    """What is to be sent back: of several pieces those that a part of the price is asked for."""
    used = case.money
    part = used is not None and used.paid is not None and 0 < used.asked < used.paid
    return _SOME_BACK if part and case.pieces > 1 else _ALL_BACK


def noted(case: Situation) -> str | None:
    """The condition found that speaks against the claim, if any."""
    expected = CONFIRMS.get(case.reason_code, ())
    against = (*POSITIVE_CONDITIONS, *WORN_CONDITIONS, INCOMPLETE)
    return next((one for one in case.inspections if one in against and one not in expected), None)
