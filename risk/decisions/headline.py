"""What a reviewer reads of a case in the queue: the record, what speaks against it, and what for.

A case that was drawn for audit reads like any other: tier and score, and whether a case was drawn,
have no part in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from risk.explain.code_labels import label
from risk.explain.reason_groups import ReasonGroup, Side, reason_groups, told
from risk.facts import NOT_GIVEN
from risk.facts.localised import COMMA, LANGUAGES, SEMICOLON, STOP, LocalisedText
from risk.policy import Situation

ROUTING = frozenset({"person_first", "deadline_passed"})
"""Rules that say who reviews a case and when, not why."""

LINKS, LINKED_RULE = "shared_identity", "linked_findings"
"""The reasons and the rule that tell of other customers."""

AGAINST = 2
"""How many stories against a case are told where no rule asks."""

_FOR: LocalisedText = {"en": "In its favour: {text}", "zh": "有利的是：{text}"}
_PARCEL: dict[str | None, LocalisedText] = {
    "delivered": {"en": "Delivered by the courier's record", "zh": "物流显示已签收"},
    "moving": {"en": "The parcel is on its way", "zh": "包裹正在运输途中"},
    "still": {"en": "The parcel has not moved for days", "zh": "包裹多日没有物流更新"},
    "not_shipped": {"en": "Nothing was sent by the record", "zh": "没有发货记录"},
    "lost": {"en": "Lost by the courier's record", "zh": "物流显示包裹丢失"},
    "returned_to_sender": {"en": "Sent back by the courier", "zh": "快递已将包裹退回寄件人"},
    None: {"en": "No record of a parcel", "zh": "没有物流记录"},
}
_INSPECTED: LocalisedText = {"en": "inspection: {found}", "zh": "验货结果：{found}"}
_RETURN: dict[bool, LocalisedText] = {
    True: {"en": "the return has arrived", "zh": "退货已送达"},
    False: {"en": "the return is on its way", "zh": "退货在途"},
}


def headlines(body: Mapping[str, Any], case: Situation) -> dict[str, Any]:
    """The headline as a case keeps it, with that of a reader who may not see links as `blind` where
    it is another."""
    told, blind = headline(body, case), headline(body, case, links=False)
    return {**told, **({"blind": blind} if blind != told else {})}


def headline(body: Mapping[str, Any], case: Situation, *, links: bool = True) -> LocalisedText:
    """Where the goods are and what was given, then what speaks against the case (the rule that
    asks, else the heaviest stories) and for it. `body` holds the members of a Decision; without
    `links` nothing is told of other customers."""
    against = _rule(body, links=links) or _stories(body, "raises", AGAINST, links=links)
    favour = _stories(body, "lowers", 1, links=links)
    sent = all(rule["id"] != "code_record" for rule in body["rules"])
    return {
        language: _joined(_record(case, language, sent=sent), against, favour, language)
        for language in LANGUAGES
    }


def _joined(
    record: Iterator[str],
    against: list[LocalisedText],
    favour: list[LocalisedText],
    language: str,
) -> str:
    parts = [_first_upper(COMMA[language].join(record))]
    if against:
        parts.append(SEMICOLON[language].join(_bare(text[language]) for text in against))
    parts += [_FOR[language].format(text=_bare(text[language])) for text in favour]
    return STOP[language].join(parts) + STOP[language].rstrip()


def _bare(sentence: str) -> str:
    return sentence.rstrip(".。")


def _rule(body: Mapping[str, Any], *, links: bool) -> list[LocalisedText]:
    """The rule that says why somebody is asked or looks at it, the one that decided before
    others."""
    asking = [
        rule
        for rule in body["rules"]
        if rule["id"] not in ROUTING
        and rule["effect"].startswith("at_least:")
        and (links or rule["id"] != LINKED_RULE)
    ]
    asking.sort(key=lambda rule: rule["id"] != body["why"]["id"])
    return [rule["text"] for rule in asking[:1]]


def _stories(body: Mapping[str, Any], side: Side, most: int, *, links: bool) -> list[LocalisedText]:
    groups = told(reason_groups(body, side))
    return [_story(one) for one in groups if links or one.family != LINKS][:most]


def _story(group: ReasonGroup) -> LocalisedText:
    return group.summary or group.reasons[0]["text"]


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _record(case: Situation, language: str, *, sent: bool) -> Iterator[str]:
    """Where the goods are, unless they are none that are `sent`, what an inspection found, and how
    much was given."""
    if sent or case.courier is not None:
        yield _PARCEL[case.courier][language]
    if case.inspections:
        found = label("condition_found", case.inspections[-1], language)
        yield _INSPECTED[language].format(found=found.lower())
    elif case.return_arrived is not None:
        yield _RETURN[case.return_arrived][language]
    yield _evidence(sum(kind not in NOT_GIVEN for kind, _ in case.evidence), language)


def _evidence(count: int, language: str) -> str:
    if not count:
        return "no evidence given" if language == "en" else "未提交凭证"
    if language == "zh":
        return f"凭证{count}份"
    return f"{count} item{'s' if count > 1 else ''} of evidence"
