"""Reasons grouped by family, each side apart: what the case page and the queue show first."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from risk.explain.linked_customers import THINGS, told_apart
from risk.explain.remainders import SMALLEST
from risk.explain.spoken import OVERTAKEN_BY, is_overtaken, is_spoken
from risk.facts.localised import LocalisedText
from risk.history.reading.ring_links import Links

SHOWN = 2
"""How many reasons of a group are shown with their sentences."""

FOUND = "abuse"
"""In the names of features that count findings: a person tells these first of a group."""

_OF_DELIVERY = re.compile(
    r"((own|claim)_)?(missing|denied)_(but|after)_(signed|signature|delivered|delivery)"
)
"""The features that say that the courier's record of a delivery contradicts the customer."""

_LINKS_BY = re.compile(
    r"(payment|device|payout|phone)_"
    r"(customers|honest|came_after_abuse|(requests|abuse(_here|_live)?)(_\d+d)?)"
)
"""The features that count others with the same card, device, payout account or phone number."""

Side = Literal["raises", "lowers"]
Decision = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """The reasons of one `family` on one side that a person would give, strongest first, and the
    `weight` of all of them (log-odds).

    `summary` is one sentence for the whole group, where there is one; `more` reasons are not
    shown.
    """

    family: str
    weight: float
    reasons: tuple[Mapping[str, Any], ...]
    summary: LocalisedText | None = None
    more: int = 0


def reason_groups(decision: Decision, side: Side, links: Links | None = None) -> list[ReasonGroup]:
    """The reasons of one side of a decision by family, the heaviest group first; a group that
    hardly weighs anything only where there is no other."""
    families: dict[str, list[Mapping[str, Any]]] = {}
    for reason in decision["reasons"]:
        if reason["effect"] == side:
            families.setdefault(reason["family"], []).append(reason)
    groups = [_group(decision, family, found, links) for family, found in families.items()]
    ranked = sorted(groups, key=lambda group: -group.weight)
    return [group for group in ranked if group.weight >= SMALLEST] or ranked[:1]


def told(groups: Sequence[ReasonGroup]) -> list[ReasonGroup]:
    """The groups with something that a person would give as a reason."""
    return [group for group in groups if group.reasons or group.summary]


def _group(
    decision: Decision, family: str, found: Sequence[Mapping[str, Any]], links: Links | None
) -> ReasonGroup:
    weight = math.fsum(abs(reason["contribution"]) for reason in found)
    known = _each_once([one for one in found if _is_told(decision, one)])
    known.sort(key=lambda one: FOUND not in one["feature"])
    raises = found[0]["effect"] == "raises"
    leads = family == "shared_identity" and (net_weight(decision, family) > 0) == raises
    # That no linked customer was found abusive speaks for the customer, and that one was, never.
    fits = leads and raises == bool(decision["linked"]["confirmed_fraud"])
    things = () if links else linked_by(decision)
    summary = shared_identity_summary(decision["linked"], links, things) if fits else None
    shown = tuple(known[:SHOWN])
    return ReasonGroup(family, weight, shown, summary, len(found) - len(shown))


def _each_once(known: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The reasons with one that a delivery contradicts the customer, that of a signature before
    others: several features count the same delivery."""
    of_one = [one for one in known if _OF_DELIVERY.fullmatch(one["feature"])]
    kept = next((one for one in of_one if "sign" in one["feature"]), of_one[0] if of_one else None)
    return [one for one in known if one is kept or one not in of_one]


def _is_told(decision: Decision, reason: Mapping[str, Any]) -> bool:
    """Whether a person would give a reason, and it weighs enough to be one."""
    weighs = abs(reason["contribution"]) >= SMALLEST
    return weighs and is_spoken(reason) and not _is_overtaken(decision, reason)


def _is_overtaken(decision: Decision, reason: Mapping[str, Any]) -> bool:
    """Whether another reason says that this one is no contradiction, in decisions of releases that
    stated both."""
    known = {one["feature"]: one["value"] for one in decision["reasons"]}
    return is_overtaken(reason["feature"], known.get(OVERTAKEN_BY.get(reason["feature"], "")))


def net_weight(decision: Decision, family: str) -> float:
    """The sum of a family's contributions on both sides (log-odds)."""
    parts = (r["contribution"] for r in decision["reasons"] if r["family"] == family)
    return math.fsum(parts)


def linked_by(decision: Decision) -> list[LocalisedText]:
    """What links its customer to others, as far as the reasons of a decision count somebody there.
    What so many share that it links nobody is not named, and so no address."""
    most = decision["linked"]["refunds"]
    found = {
        match[1]
        for one in decision["reasons"]
        if (match := _LINKS_BY.fullmatch(one["feature"] or "")) and 0 < (one["value"] or 0) <= most
    }
    return [words for kind, words in THINGS.items() if kind in found]


def shared_identity_summary(
    linked: Mapping[str, int], links: Links | None = None, things: Sequence[LocalisedText] = ()
) -> LocalisedText | None:
    """One sentence: who shares what and what was found of each, as far as they can be told apart,
    else what is shared at all, with how many customers, what was found; None for nobody.

    `linked` are a Decision's counts; `links` name customers and entities where they are at hand,
    else `things` what is known to be shared.

    >>> shared_identity_summary({"customers": 1, "refunds": 2, "confirmed_fraud": 0})["en"]
    '1 linked customer, 2 requests, none found to be abuse'
    """
    if not linked["customers"]:
        return None
    if links and (apart := told_apart(links, linked)) is not None:
        return apart
    entities = _shared(links) if links else things
    return {"en": _english(linked, entities), "zh": _chinese(linked, entities)}


def _shared(links: Links) -> list[LocalisedText]:
    """The kinds of entities that the customer shares with somebody."""
    kinds = {entity[0] for entity, customer in links.edges if customer == links.centre}
    return [words for kind, words in THINGS.items() if kind in kinds]


def _english(linked: Mapping[str, int], entities: Sequence[LocalisedText]) -> str:
    counts = ", ".join(
        (
            _plural(linked["customers"], "linked customer"),
            _plural(linked["refunds"], "request"),
            f"{linked['confirmed_fraud'] or 'none'} found to be abuse",
        )
    )
    named = [entity["en"] for entity in entities]
    if not named:
        return counts[:1].upper() + counts[1:]
    listed = " and ".join([*([", ".join(named[:-1])] if named[:-1] else []), named[-1]])
    return f"Shares {listed} with one or another: {counts}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _chinese(linked: Mapping[str, int], entities: Sequence[LocalisedText]) -> str:
    abusive = linked["confirmed_fraud"]
    found = f"其中{abusive}次被认定滥用" if abusive else "均未认定滥用"
    counts = f"关联{linked['customers']}位客户，共{linked['refunds']}次申请，{found}"
    named = "、".join(entity["zh"] for entity in entities)
    return f"分别与他人共用{named}：{counts}" if named else counts
