"""A whole policy, checked: its numbers, its evidence and suggestions by reason, rules and words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Annotated, get_args

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from risk.facts import REASONS, TYPES
from risk.facts.localised import LocalisedText
from risk.policy.article_sections import Article
from risk.policy.claim_sections import Declined, Findings, Hearing, Pictures, Repeats
from risk.policy.completing import added_under
from risk.policy.deadline_times import DeadlineTimes
from risk.policy.evidence_items import Item, Question, first_round
from risk.policy.law import LawPack, LawText, Markets
from risk.policy.message_checks import Wording
from risk.policy.review_sections import Review, Targets
from risk.policy.sections import (
    AuditShare,
    Caps,
    ComesBack,
    Consent,
    Costs,
    Currency,
    Deadline,
    Extras,
    GoodCustomer,
    Handling,
    Inspection,
    LightParcel,
    Money,
    Offers,
    OldContact,
    OrderRecord,
    PayoutAccount,
    PersonFirst,
    PlatformRule,
    Recovery,
    ReturnReceipt,
    Right,
    Section,
    Share,
    SmallAmount,
    Stake,
    StarterUse,
    Zones,
)
from risk.policy.situation import Alternative, Courier

ALTERNATIVES: tuple[Alternative, ...] = get_args(Alternative)
TOPICS = (
    *REASONS, "incomplete_return", "light_parcel", "seen_before", "order_record", "return_receipt",
    "old_contact", "payment_record", "spoils", "codes", "not_repairable", "not_there", "came_since",
    "dispatch", "lost_weight", "services", "bookings", "minor", "returned_worn", "on_way",
    "animals", "fitter",
)  # fmt: skip
"""What evidence is requested for: a reason, or something noticed in the case."""


def _same_names(wanted: Collection[str], have: Collection[str], table: str = "") -> None:
    """Raises ValueError where names are missing or unknown; those that `table` gained after the
    first release may be missing."""
    missing = sorted(set(wanted) - set(have) - added_under(table))
    unknown = sorted(set(have) - set(wanted))
    if missing or unknown:
        raise ValueError(f"missing: {missing}, unknown: {unknown}")


class AlternativeCost(Section):
    """The cost of an alternative for the merchant: a fixed amount, and a share of the refund."""

    fixed: Money
    share: Share


class Suggestions(Section):
    """Alternatives to the refund. `granted` is the cost of granting what was requested, as a share
    of the amount; only cheaper ones are suggested, the cheapest first. `not_while` names those that
    do not fit a state of the outbound parcel, `not_for` those that do not fit a category."""

    most: Annotated[int, Field(ge=0, le=5)]
    costs: dict[Alternative, AlternativeCost]
    granted: dict[str, Share]
    by_reason: dict[str, tuple[Alternative, ...]]
    not_while: dict[Courier, tuple[Alternative, ...]] | None = None
    not_for: dict[str, tuple[Alternative, ...]] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Suggestions:
        _same_names(ALTERNATIVES, self.costs, "suggestions.costs")
        _same_names(TYPES, self.granted, "suggestions.granted")
        _same_names(REASONS, self.by_reason, "suggestions.by_reason")
        return self


class RuleText(Section):
    """The source of a rule, and its sentence for a reviewer."""

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
    order_record: OrderRecord | None = None
    findings: Findings | None = None
    extras: Extras | None = None
    markets: Markets | None = None
    laws: dict[str, LawPack] | None = None
    starter: StarterUse | None = None
    return_receipt: ReturnReceipt | None = None
    offers: Offers | None = None
    old_contact: OldContact | None = None
    payout_account: PayoutAccount | None = None
    platform_rules: dict[str, PlatformRule] | None = None
    articles: dict[str, Article] | None = None
    repeats: Repeats | None = None
    declined: Declined | None = None
    pictures: Pictures | None = None
    review: Review | None = None
    targets: Targets | None = None
    hearing: Hearing | None = None

    _source: str = PrivateAttr("")
    _taken: tuple[str, ...] = PrivateAttr(())

    @field_validator("evidence")
    @classmethod
    def _topics(cls, evidence: dict[str, tuple[Item, ...]]) -> dict[str, tuple[Item, ...]]:
        _same_names(TOPICS, evidence, "evidence")
        return evidence

    @field_validator("rules")
    @classmethod
    def _known(cls, rules: dict[str, RuleText], info: ValidationInfo) -> dict[str, RuleText]:
        """Every rule has its words: the names of all rules come with the validation."""
        _same_names((info.context or {})["rules"], rules, "rules")
        return rules

    @model_validator(mode="after")
    def _wording(self) -> Policy:
        names = (*ALTERNATIVES, "talk", "exchange_worn", "partial_refund_worn")
        _same_names(names, self.wording.options, "wording.options")
        for topic, items in self.evidence.items():
            for item in items:
                if found := self.wording.forbidden.found_in({"en": item.en, "zh": item.zh}):
                    raise ValueError(f"evidence.{topic}: asks with the words {found}")
        return self

    @model_validator(mode="after")
    def _lawful(self) -> Policy:
        lacking = [
            name
            for name in (self.markets.named() if self.markets else ())
            if name not in (self.laws or {})
        ]
        if lacking:
            raise ValueError(f"laws: no law pack for {', '.join(lacking)}")
        return self

    def law(self, merchant_id: str | None) -> LawPack | None:
        """The law that applies to a merchant; None in a policy of an earlier release."""
        if self.markets is None or self.laws is None:
            return None
        return self.laws[self.markets.of(merchant_id)]

    def words(self, merchant_id: str | None) -> Mapping[str, RuleText | LawText]:
        """The sentence and source of each rule that the policy knows, by the merchant's law."""
        market = None if self.markets is None else self.markets.of(merchant_id)
        return self.words_by_market.get(market, self.rules)

    @cached_property
    def words_by_market(self) -> dict[str | None, Mapping[str, RuleText | LawText]]:
        """The words of the rules by market."""
        return {market: law.over(self.rules) for market, law in (self.laws or {}).items()}

    @cached_property
    def kinds(self) -> dict[str, tuple[str, Article]]:
        """The kind of article, with its name, of each category; the first where several list it."""
        every = reversed((self.articles or {}).items())
        return {category: one for one in every for category in one[1].categories}

    @cached_property
    def opening(self) -> dict[str, Question]:
        """The first round of evidence by topic, for cases in which nothing has been given yet."""
        return {topic: first_round(items) for topic, items in self.evidence.items()}

    @cached_property
    def phrases(self) -> dict[str, LocalisedText]:
        """The messages with the deadlines filled in; what differs by case is still in braces."""
        times = DeadlineTimes(self.deadline)
        return {
            key: {language: text.format_map(times) for language, text in words.items()}
            for key, words in self.wording.messages.items()
        }

    @property
    def source(self) -> str:
        """The text it was read from."""
        return self._source

    @property
    def taken(self) -> tuple[str, ...]:
        """The paths that the text lacks and the default policy gave (`risk.policy.additions`)."""
        return self._taken

    @cached_property
    def canonical(self) -> str:
        """Its content as JSON with sorted keys: what the version is a hash of. What it does not
        have is left out: an addition to policies changes no earlier version."""
        content = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return json.dumps(content, sort_keys=True, ensure_ascii=False)

    @cached_property
    def version(self) -> str:
        """Short hash of the content; comments, order and layout do not count."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()[:12]
