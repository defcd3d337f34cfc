"""What is expected of a decision, and where it falls short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from tests.examination.stories import Story

APPROVE, ASK, PERSON = "approve", "request_evidence", "platform_intervention"
TIERS = (APPROVE, ASK, PERSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What holds of one decision. `rules`, `conditions`, `warns`, `offers` and `says` must be among
    those of the decision, those after `no_` must not; `asks` are all who are asked."""

    tier: str | None = None
    at_least: str = APPROVE
    at_most: str = PERSON
    rules: tuple[str, ...] = ()
    no_rules: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    no_conditions: tuple[str, ...] = ()
    asks: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    action: str | None = None
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    no_offers: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()
    lane: str | None = None
    no_reasons: tuple[str, ...] = ()

    def faults(self, decision: dict[str, Any]) -> Iterator[str]:
        """What the decision lacks, and what it should not have."""
        tier = decision["tier"]
        if self.tier is not None and tier != self.tier:
            yield f"tier {tier}, expected {self.tier} ({decision['why']['id']})"
        if not TIERS.index(self.at_least) <= TIERS.index(tier) <= TIERS.index(self.at_most):
            yield f"tier {tier}, expected {self.at_least} to {self.at_most}"
        if self.lane is not None and decision["lane"] != self.lane:
            yield f"lane {decision['lane']}, expected {self.lane}"
        yield from self._questions(decision)
        yield from self._members(decision)
        yield from self._words(decision)

    def _questions(self, decision: dict[str, Any]) -> Iterator[str]:
        asked = sorted({item["from"] for item in decision["required_evidence"]})
        kinds = sorted({item["kind"] for item in decision["required_evidence"]})
        if self.asks is not None and asked != sorted(self.asks):
            yield f"asks {asked}, expected {sorted(self.asks)}"
        if self.kinds is not None and kinds != sorted(self.kinds):
            yield f"asks for {kinds}, expected {sorted(self.kinds)}"
        action = decision["recommended"]["action"]
        if self.action is not None and action != self.action:
            yield f"recommends {action}, expected {self.action}"

    def _members(self, decision: dict[str, Any]) -> Iterator[str]:
        have = {
            "rules": [rule["id"] for rule in decision["rules"]],
            "conditions": decision["conditions"],
            "offers": decision["suggestions"],
            "warns": [one["code"] for one in decision["warnings"]],
        }
        for name, found in have.items():
            yield from (f"{name}: no {one} in {found}" for one in getattr(self, name)
                        if one not in found)  # fmt: skip
            unwanted = getattr(self, f"no_{name}", ())
            yield from (f"{name}: {one} in {found}" for one in unwanted if one in found)

    def _words(self, decision: dict[str, Any]) -> Iterator[str]:
        said = " ".join((*decision["customer_message"].values(),
                         *decision["recommended"]["text"].values()))  # fmt: skip
        yield from (f"does not say {one!r}: {said}" for one in self.says if one not in said)
        yield from (f"says {one!r}: {said}" for one in self.never_says if one in said)
        told = " ".join(text for one in decision["reasons"] for text in one["text"].values())
        yield from (f"reasons say {one!r}: {told}" for one in self.no_reasons if one in told)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cases that differ in one signal. `model` names the probability they are decided at:
    where a rule decides, whatever it is."""

    name: str
    one: Story
    other: Story
    expected: Expected
    of_other: Expected
    model: str = "any"
    same: bool = False
    stricter: bool = False

    def faults(self, one: dict[str, Any], other: dict[str, Any]) -> list[str]:
        """Where the two decisions fall short. `same`: both have one tier and one message;
        `stricter`: the other has the stricter tier."""
        found = [f"one: {fault}" for fault in self.expected.faults(one)]
        found += [f"other: {fault}" for fault in self.of_other.faults(other)]
        if self.same and (one["tier"], one["customer_message"]) != (
            other["tier"], other["customer_message"],
        ):  # fmt: skip
            found.append(f"differ: {one['tier']} and {other['tier']}")
        if self.stricter and TIERS.index(one["tier"]) >= TIERS.index(other["tier"]):
            found.append(f"not stricter: {one['tier']} and {other['tier']}")
        return found


class Chapter(NamedTuple):
    """A case and how it ends, decided at the probability of a model; `any`: at whatever."""

    story: Story
    end: Expected
    model: str = "any"


class Vignette(NamedTuple):
    """A story of the trade: its title says how it ends."""

    title: str
    chapters: tuple[Chapter, ...]


def vignette(title: str, *chapters: Chapter) -> Vignette:
    return Vignette(title, chapters)
