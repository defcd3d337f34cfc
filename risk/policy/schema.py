"""A whole policy, checked: its numbers, its evidence and suggestions by reason, rules and words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from functools import cached_property
from typing import Annotated, Literal, get_args

from pydantic import Field, PrivateAttr, field_validator, model_validator

from risk.facts import REASONS, TYPES
from risk.facts.localised import LocalisedText
from risk.policy.asking import Item, Question, first_round
from risk.policy.message_checks import Wording
from risk.policy.sections import (
    AuditShare,
    Caps,
    ComesBack,
    Consent,
    Costs,
    Currency,
    Deadline,
    GoodCustomer,
    Handling,
    Inspection,
    LightParcel,
    Money,
    PersonFirst,
    Recovery,
    Right,
    Section,
    Share,
    SmallAmount,
    Stake,
    Zones,
)

MiddleWay = Literal["exchange", "repair", "resend", "partial_refund", "voucher"]
MIDDLE_WAYS: tuple[MiddleWay, ...] = get_args(MiddleWay)
RULES = (
    "fault_found",
    "honest_found",
    "courier_admits",
    "abuse_found",
    "another_article",
    "returned_as_sent",
    "seven_day_right",
    "light_parcel",
    "merchant_consent",
    "outside_right",
    "block_list",
    "allow_list",
    "small_amount",
    "good_customer",
    "person_first",
    "deadline_passed",
)
"""The rules that come before cost, in the order in which they bind."""

TOPICS = (*REASONS, "incomplete_return", "light_parcel", "seen_before")
"""What evidence can be called for by: a reason, or something noticed on the way."""


def _same_names(wanted: Collection[str], have: Collection[str]) -> None:
    missing, unknown = sorted(set(wanted) - set(have)), sorted(set(have) - set(wanted))
    if missing or unknown:
        raise ValueError(f"missing: {missing}, unknown: {unknown}")


class _Times:
    """The deadlines by name, for `str.format_map`; any other name stays in its braces."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def __getitem__(self, name: str) -> object:
        known = name in Deadline.model_fields
        return getattr(self._deadline, name) if known else f"{{{name}}}"


class WayCost(Section):
    """What a middle way costs the merchant: so much, and a share of the amount."""

    fixed: Money
    share: Share


class Suggestions(Section):
    """Middle ways before confrontation. `granted` is the cost of granting what was asked, as a
    share of the amount; only what is cheaper is suggested, the cheapest first."""

    most: Annotated[int, Field(ge=0, le=5)]
    costs: dict[MiddleWay, WayCost]
    granted: dict[str, Share]
    by_reason: dict[str, tuple[MiddleWay, ...]]

    @model_validator(mode="after")
    def _complete(self) -> Suggestions:
        _same_names(MIDDLE_WAYS, self.costs)
        _same_names(TYPES, self.granted)
        _same_names(REASONS, self.by_reason)
        return self


class RuleText(Section):
    """Where a rule comes from, and its sentence for a reviewer."""

    source: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]
    zh: Annotated[str, Field(min_length=1)]

    @cached_property
    def text(self) -> LocalisedText:
        return {"en": self.en, "zh": self.zh}


class Policy(Section):
    """How refund requests are decided. Equal contents have equal versions, whatever the layout."""

    name: str
    currency: Currency
    costs: Costs
    handling: Handling
    recovery: Recovery
    comes_back: ComesBack
    stake: Stake
    caps: Caps
    audit: AuditShare
    deadline: Deadline
    zones: Zones
    right: Right
    consent: Consent
    light_parcel: LightParcel
    small_amount: SmallAmount
    good_customer: GoodCustomer
    person_first: PersonFirst
    inspection: Inspection
    evidence: dict[str, tuple[Item, ...]]
    suggestions: Suggestions
    rules: dict[str, RuleText]
    wording: Wording

    _source: str = PrivateAttr("")

    @field_validator("evidence")
    @classmethod
    def _topics(cls, evidence: dict[str, tuple[Item, ...]]) -> dict[str, tuple[Item, ...]]:
        _same_names(TOPICS, evidence)
        return evidence

    @field_validator("rules")
    @classmethod
    def _known(cls, rules: dict[str, RuleText]) -> dict[str, RuleText]:
        _same_names(RULES, rules)
        return rules

    @model_validator(mode="after")
    def _manners(self) -> Policy:
        _same_names((*MIDDLE_WAYS, "talk"), self.wording.options)
        for topic, items in self.evidence.items():
            for item in items:
                if found := self.wording.forbidden.found_in({"en": item.en, "zh": item.zh}):
                    raise ValueError(f"evidence.{topic}: asks with the words {found}")
        return self

    @cached_property
    def opening(self) -> dict[str, Question]:
        """What is asked first on each topic, where nothing has been given yet."""
        return {topic: first_round(items) for topic, items in self.evidence.items()}

    @cached_property
    def phrases(self) -> dict[str, LocalisedText]:
        """The messages with the deadlines filled in; what differs by case is still in braces."""
        times = _Times(self.deadline)
        return {
            key: {language: text.format_map(times) for language, text in said.items()}
            for key, said in self.wording.messages.items()
        }

    @property
    def source(self) -> str:
        """The text it was read from."""
        return self._source

    @cached_property
    def canonical(self) -> str:
        """Its content as JSON with sorted keys: what the version is a hash of."""
        content = self.model_dump(mode="json", by_alias=True)
        return json.dumps(content, sort_keys=True, ensure_ascii=False)

    @cached_property
    def version(self) -> str:
        """Short hash of the content; comments, order and layout do not count."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()[:12]
