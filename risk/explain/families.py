"""Reasons told together: those of one family on one side are one story with one weight."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from risk.explain.code_labels import Words
from risk.history.ring_links import Links

SMALLEST = 0.05
"""Stories that weigh less (log-odds) are left to the full list, unless there is no other."""

SPOKEN = 2
"""How many reasons of a story are told in words."""

Side = Literal["raises", "lowers"]
Decision = Mapping[str, Any]

_THINGS: dict[str, Words] = {
    "address": {"en": "an address", "zh": "地址"},
    "payment": {"en": "a card", "zh": "支付方式"},
    "device": {"en": "a device", "zh": "设备"},
    "phone": {"en": "a phone number", "zh": "手机号"},
    "payout": {"en": "a payout account", "zh": "收款账户"},
}


@dataclass(frozen=True, slots=True)
class Told:
    """The reasons of one `family` on one side, strongest first, and their `weight` (log-odds).

    `summary` says it all in one sentence, where there is one; `more` reasons are not spoken.
    """

    family: str
    weight: float
    reasons: tuple[Mapping[str, Any], ...]
    summary: Words | None = None
    more: int = 0


def told(decision: Decision, side: Side, links: Links | None = None) -> list[Told]:
    """What speaks on one side, a family a story, the heaviest first."""
    families: dict[str, list[Mapping[str, Any]]] = {}
    for reason in decision["reasons"]:
        if reason["effect"] == side:
            families.setdefault(reason["family"], []).append(reason)
    stories = [_story(decision, family, found, links) for family, found in families.items()]
    ranked = sorted(stories, key=lambda one: -one.weight)
    return [one for one in ranked if one.weight >= SMALLEST] or ranked[:1]


def _story(
    decision: Decision, family: str, found: Sequence[Mapping[str, Any]], links: Links | None
) -> Told:
    weight = math.fsum(abs(reason["contribution"]) for reason in found)
    known = [reason for reason in found if reason["value"] is not None] or list(found)
    raises = found[0]["effect"] == "raises"
    leads = family == "shared_identity" and (net(decision, family) > 0) == raises
    # That nobody linked was found out is a word for the customer, never one against them.
    fits = leads and not (raises and not decision["linked"]["confirmed_fraud"])
    summary = sharing(decision["linked"], links) if fits else None
    spoken = tuple(known[:SPOKEN])
    return Told(family, weight, spoken, summary, len(found) - len(spoken))


def net(decision: Decision, family: str) -> float:
    """What a family's reasons for and against come to together (log-odds)."""
    parts = (r["contribution"] for r in decision["reasons"] if r["family"] == family)
    return math.fsum(parts)


def sharing(linked: Mapping[str, int], links: Links | None = None) -> Words | None:
    """What is shared with others, how many they are and what was found; None for nobody.

    `linked` are a Decision's numbers, `links` name the things where they are at hand.
    """
    if not linked["customers"]:
        return None
    things = _shared(links) if links else []
    return {"en": _english(linked, things), "zh": _chinese(linked, things)}


def _shared(links: Links) -> list[Words]:
    """The kinds of things that the customer in the middle shares with somebody drawn."""
    kinds = {entity[0] for entity, customer in links.edges if customer == links.centre}
    return [words for kind, words in _THINGS.items() if kind in kinds]


def _english(linked: Mapping[str, int], things: Sequence[Words]) -> str:
    numbers = ", ".join(
        (
            _plural(linked["customers"], "linked customer"),
            _plural(linked["refunds"], "request"),
            f"{linked['confirmed_fraud'] or 'none'} found to be abuse",
        )
    )
    named = [thing["en"] for thing in things]
    if not named:
        return numbers[:1].upper() + numbers[1:]
    listed = " and ".join([*([", ".join(named[:-1])] if named[:-1] else []), named[-1]])
    return f"Shares {listed} with others: {numbers}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _chinese(linked: Mapping[str, int], things: Sequence[Words]) -> str:
    bad = linked["confirmed_fraud"]
    found = f"其中{bad}次被认定滥用" if bad else "均未认定滥用"
    numbers = f"关联{linked['customers']}位客户，共{linked['refunds']}次申请，{found}"
    named = "、".join(thing["zh"] for thing in things)
    return f"与他人共用{named}：{numbers}" if named else numbers
