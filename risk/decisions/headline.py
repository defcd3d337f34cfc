"""What a reviewer reads of a case in the queue: why it is there, the record, what speaks for it.

All of it is as of the decision. A case that was drawn for audit reads like any other: tier and
score, and whether a case was drawn, have no part in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from risk.decisions.record_told import UNSENT, record_parts
from risk.decisions.weighings_told import (
    came_back_whole,
    lost_on_way,
    without_contradicted,
)
from risk.explain.reason_groups import ReasonGroup, Side, reason_groups, told
from risk.explain.record_favours import record_favours
from risk.facts.format import money_text
from risk.facts.localised import COMMA, LANGUAGES, SEMICOLON, STOP, LocalisedText
from risk.policy import Situation

ROUTING = frozenset({"person_first", "deadline_passed"})
"""Rules that say who reviews a case and when, not why."""

LINKS, LINKED_RULE = "shared_identity", "linked_findings"
"""The reasons and the rule that tell of other customers."""

AGAINST = 2
"""How many stories against a case are told where no rule asks."""

HONEST = "customer_honest"
"""The feature that counts the findings for a customer."""

WORDING = "text_specificity"
"""The feature of how much a text says: too little to be told for somebody above all."""

FAVOURS = 2
"""How much of a customer's record is told for them."""

TOLD_BY_RULE: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys(
        ("another_article", "empty_return", "incomplete_return", "worn_goods", "return_compared",
         "inspection_disputed"),
        re.compile(r"inspected_(bad|incomplete)"),
    ),
    "declined_found": re.compile("proof_declined"),
    "declined_vague": re.compile("proof_declined|text_specificity"),
    "fresh_picture": re.compile(r"(photo|picture)_.*"),
}  # fmt: skip
"""By rule, the features whose reasons its sentence tells already; an inspection among them."""

_FOR: LocalisedText = {"en": "In the customer's favour: {text}", "zh": "有利的是：{text}"}
_OPEN: LocalisedText = {
    "en": "Other open requests ask {money} for the same goods",
    "zh": "另有未结申请就相同商品申请 {money}",
}
_NEUTRAL: LocalisedText = {
    "en": "Whether the claim holds is to be checked",
    "zh": "申请是否属实有待核对",
}
"""Where nothing is told against a case, for whatever cause it is looked at."""
_NOTHING_YET: LocalisedText = {"en": "no evidence yet", "zh": "尚无凭证"}
"""Where the customer is asked for some."""


def headlines(body: Mapping[str, Any], case: Situation) -> dict[str, Any]:
    """The headline as a case keeps it, with that of a reader who may not see links as `blind` where
    it is another."""
    told, blind = headline(body, case), headline(body, case, links=False)
    return {**told, **({"blind": blind} if blind != told else {})}


def headline(body: Mapping[str, Any], case: Situation, *, links: bool = True) -> LocalisedText:
    """Why somebody looks at a case (the rule that asks, else the heaviest stories against it),
    where the goods are and what was given, as far as that is in question, whether somebody else
    asks for them, and what speaks for it. `body` holds the members of a Decision; without `links`
    nothing is told of other customers."""
    body = without_contradicted(case, body)
    against = _rule(body, links=links) or stories(body, "raises", AGAINST, links=links)
    rules = {rule["id"] for rule in body["rules"]}
    twice = any(
        rule["id"] == "other_open_request" and rule["text"] in against for rule in body["rules"]
    )
    told = _Sides(tuple(against), tuple(_favours(body, case, links=links)), twice)
    record = _Record(
        sent=rules.isdisjoint(UNSENT) and not _tells_delivery(body, against),
        inspected=not _tells_inspection(asking(body, links=links)),
        asked=any(
            one["from"] == "customer" and one["kind"] != "chat"
            for one in body.get("required_evidence", ())
        ),
    )
    return {one: STOP[one].join(_parts(case, told, one, record)) + STOP[one].rstrip()
            for one in LANGUAGES}  # fmt: skip


def _tells_inspection(rule: Mapping[str, Any] | None) -> bool:
    """Whether a rule's sentence says already what an inspection found."""
    told = TOLD_BY_RULE.get(rule["id"]) if rule else None
    return told is not None and told.fullmatch("inspected_bad") is not None


def _tells_delivery(body: Mapping[str, Any], against: Sequence[LocalisedText]) -> bool:
    """Whether a reason told against the case says already that its parcel was delivered."""
    return any(
        str(one["feature"]).endswith(("missing_after_signature", "missing_but_signed"))
        and one["text"] in against
        for one in body["reasons"]
    )


class _Sides(NamedTuple):
    """What is told against a case, and for it."""

    against: tuple[LocalisedText, ...]
    favours: tuple[LocalisedText, ...]
    twice: bool = False
    """Whether the rule says already that another open request asks for the same goods."""


class _Record(NamedTuple):
    """What of the record a headline tells: whether something is `sent` of which no other sentence
    says where it is, whether none says what an inspection found, and whether the customer is
    `asked` for evidence."""

    sent: bool
    inspected: bool
    asked: bool


def _parts(case: Situation, told: _Sides, language: str, record: _Record) -> Iterator[str]:
    """The sentences of a headline, without their stops."""
    if told.against:
        yield joined(told.against, language)
    said = [*record_parts(case, language, sent=record.sent, inspected=record.inspected)]
    if record.asked and not any(by == "customer" for _, by in case.evidence):
        said.append(_NOTHING_YET[language])
    if said:
        yield _first_upper(COMMA[language].join(said))
    if case.money is not None and case.money.asked_before and not told.twice:
        yield _OPEN[language].format(money=money_text(case.money.asked_before, case.money.currency))
    if not told.against:
        yield _bare(_NEUTRAL[language])
    if told.favours:
        yield _FOR[language].format(text=joined(told.favours, language, within=True))


def joined(texts: Sequence[LocalisedText], language: str, *, within: bool = False) -> str:
    """Sentences as the clauses of one: a common word has no capital after the first, and none at
    all `within` another sentence."""
    first, *others = (_bare(text[language]) for text in texts)
    return SEMICOLON[language].join((lowered(first) if within else first, *map(lowered, others)))


def lowered(clause: str) -> str:
    """A clause within a sentence: a common word at its beginning has no capital."""
    return clause if re.match(r".[A-Z]|[A-Z] ?$", clause) else clause[:1].lower() + clause[1:]


def favours_of(case: Situation, *, told: Collection[str] = ()) -> list[LocalisedText]:
    """What the weights of parcels and the record of a case's customer say for them, but for what
    features that are `told` say already."""
    honest = 0 if HONEST in told else case.honest_findings
    record = record_favours(case.orders, case.refunds, honest, case.own_abuse)
    return [*lost_on_way(case), *came_back_whole(case), *record]


def _favours(body: Mapping[str, Any], case: Situation, *, links: bool) -> list[LocalisedText]:
    """What favours them by the record, else the heaviest story for the case."""
    spoken = {**body, "reasons": [r for r in body["reasons"] if r["feature"] != WORDING]}
    return favours_of(case)[:FAVOURS] or stories(spoken, "lowers", 1, links=links)


def _bare(sentence: str) -> str:
    return sentence.rstrip(".。")


def _rule(body: Mapping[str, Any], *, links: bool) -> list[LocalisedText]:
    rule = asking(body, links=links)
    return [rule["text"]] if rule else []


def asking(body: Mapping[str, Any], *, links: bool = True) -> Mapping[str, Any] | None:
    """The rule that says why somebody is asked or looks at it, the one that decided before
    others."""
    found = [
        rule
        for rule in body["rules"]
        if rule["id"] not in ROUTING
        and rule["effect"].startswith("at_least:")
        and (links or rule["id"] != LINKED_RULE)
    ]
    found.sort(key=lambda rule: rule["id"] != body["why"]["id"])
    return found[0] if found else None


def stories(body: Mapping[str, Any], side: Side, most: int, *, links: bool) -> list[LocalisedText]:
    """The heaviest stories of a side, at most so many; without `links` none of other customers."""
    groups = told(reason_groups(body, side))
    return [_story(one) for one in groups if links or one.family != LINKS][:most]


def _story(group: ReasonGroup) -> LocalisedText:
    return group.summary or group.reasons[0]["text"]


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
