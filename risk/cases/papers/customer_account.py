"""The account for the customer: how the request was processed, and how to have a person decide.

It says that a score was used and which kinds of data weighed most (PIPL art. 24 and 55; GDPR art.
15 and 22), and names no threshold and nobody else. The words that messages may not contain are no
limit to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum
from typing import Any

from risk import policy
from risk.cases.papers.standing_finding import State
from risk.explain.code_labels import label
from risk.facts.localised import LocalisedText
from risk.policy import Policy, Tier

MOST_FAMILIES = 3

_SCORE: LocalisedText = {
    "en": "An automated system computed a score for your request from its order, its delivery, "
    "what was given for it and earlier requests. It is an estimate and no finding about you.",
    "zh": "系统根据订单、物流、已提供的资料和以往申请，为您的申请计算了一个评分。"
    "评分只是估计，不是对您的认定。",
}
_WEIGHED: LocalisedText = {
    "en": "The kinds of data that weighed most in it, for or against the request: {families}.",
    "zh": "其中影响最大的数据类别（有利或不利）：{families}。",
}
_DIFFERENT: dict[Tier, LocalisedText] = {
    "approve": {
        "en": "Nothing more is needed from you for this answer.",
        "zh": "您无需再提供其他资料。",
    },
    "request_evidence": {
        "en": "What we asked for can change the answer, and so can a record of the courier or the "
        "shop, or a correction of what is stored wrongly about the order.",
        "zh": "我们请求的资料可以改变结果；快递或商家的记录，"
        "以及对订单错误信息的更正，也可以改变结果。",
    },
    "platform_intervention": {
        "en": "The person who decides is not bound by the score. What you add can change the "
        "answer, and so can a record of the courier or the shop, or a correction of what is "
        "stored wrongly about the order.",
        "zh": "作出决定的工作人员不受评分约束。您补充的情况可以改变结果；快递或商家的记录，"
        "以及对订单错误信息的更正，也可以改变结果。",
    },
}
_FOUND: LocalisedText = {
    "en": "What you add can change what was found: another member of staff then decides anew.",
    "zh": "您补充的情况可以改变认定结果：将由另一位工作人员重新作出决定。",
}
_RIGHTS: LocalisedText = {
    "en": "No request is refused by the automated system alone. You may add any information, "
    "see what is stored about you, and ask for a review by another member of staff.",
    "zh": "任何申请都不会仅由系统拒绝。您可以补充您认为重要的情况，查阅与您有关的记录，"
    "也可以要求由另一位工作人员重新审核。",
}


def account(
    decision: Mapping[str, Any] | None, used: Policy, state: State = "ended"
) -> LocalisedText:
    """The account of a decision: the policy's words for its tier (`wording.accounts`), or for what
    was found, the score and what weighed in it, what would change the answer, and the customer's
    rights. Nothing is said to be accepted that somebody may still decide."""
    tier: Tier = decision["tier"] if decision else "approve"
    requested = [item["text"] for item in decision["required_evidence"]] if decision else []
    applied = {rule["id"] for rule in decision.get("rules", ())} if decision else set()
    key = _key(tier, decision, state)
    words = used if not key or key in used.wording.accounts else policy.load()
    parts = [policy.account(words, tier, requested, applied, key)]
    if decision:
        parts += [_SCORE, *_weighed(decision), _FOUND if key == "found" else _DIFFERENT[tier]]
    parts.append(_RIGHTS)
    return {
        "en": " ".join(part["en"] for part in parts),
        "zh": "".join(part["zh"] for part in parts),
    }


def _key(tier: Tier, decision: Mapping[str, Any] | None, state: State) -> str:
    """The account by the state of the case; empty where the tier's own fits."""
    if state == "found":
        return "found"
    waits = state in ("open", "appealed") or bool(decision and decision.get("conditions"))
    return "open" if tier == "approve" and waits else ""


def _weighed(decision: Mapping[str, Any]) -> list[LocalisedText]:
    """The sentence about the families of features that weighed most, if any did."""
    weights: dict[str, list[float]] = {}
    for reason in decision["reasons"]:
        weights.setdefault(reason["family"], []).append(abs(reason["contribution"]))
    heaviest = sorted(weights, key=lambda family: -fsum(weights[family]))[:MOST_FAMILIES]
    if not heaviest:
        return []
    names = {
        language: comma.join(label("family", family, language) for family in heaviest)
        for language, comma in (("en", ", "), ("zh", "、"))
    }
    return [{language: _WEIGHED[language].format(families=names[language]) for language in names}]
