"""Law packs: what the law of a market says about returns and refunds, each rule with its source.

A policy names a market for its merchants; the pack of each market it names becomes part of it, so
that its version covers the law too and a stored decision is made again under the law of its day.
Where the sources leave room, a pack takes the reading that protects the customer and says so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, model_validator

from risk.errors import PolicyRefused
from risk.facts.localised import LocalisedText
from risk.policy.excluded_goods import excluded_goods
from risk.policy.sections import Section

T = TypeVar("T")
Days = Annotated[int, Field(ge=1, le=3_650)]
Words = Annotated[str, Field(min_length=1)]

_PACKS = files("risk") / "policy" / "law_packs"
LAW_RULES = (
    "seven_day_right", "excluded_by_law", "outside_right", "quality_right", "burden_of_proof",
    "statutory_refund", "courier_admits",
)  # fmt: skip
"""The rules whose sentence and source a pack gives."""


class Markets(Section):
    """The market whose law applies, by merchant."""

    default: Words
    merchants: dict[str, Words] = Field(default_factory=dict)

    def of(self, merchant_id: str | None) -> str:
        """The market of a merchant."""
        return self.merchants.get(merchant_id or "", self.default)

    def named(self) -> list[str]:
        """Every market named, in order."""
        return sorted({self.default, *self.merchants.values()})


class LawText(Section):
    """A rule of law: the sentence for a reviewer, and where it stands. `since`: in force from."""

    law: Words
    article: Words
    since: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    en: Words
    zh: Words

    @cached_property
    def text(self) -> LocalisedText:
        return {"en": self.en, "zh": self.zh}

    @cached_property
    def source(self) -> str:
        return f"{self.law}, {self.article} (in force from {self.since})"


class Exclusion(Section):
    """Goods that the law itself excludes from the right of return, by their category."""

    article: Words
    categories: tuple[str, ...]

    def holds(self, category: str | None) -> bool:
        return _among(category, self.categories)


class Exclusions(Section):
    """The kinds of goods that every law excludes by itself, and services where it does."""

    made_to_measure: Exclusion
    perishable: Exclusion
    digital: Exclusion
    periodicals: Exclusion
    services: Exclusion | None = None
    bookings: Exclusion | None = None
    medicines: Exclusion | None = None

    def of(self, category: str | None) -> Exclusion | None:
        """The exclusion that a category falls under."""
        every = (self.made_to_measure, self.perishable, self.digital, self.periodicals)
        kinds = (*every, self.services, self.bookings, self.medicines)
        return next((kind for kind in kinds if kind and kind.holds(category)), None)


class NoReason(Section):
    """The right to return without a reason: its days after delivery, when the money is due;
    `outbound_delivery`: what delivery to the customer cost is paid back too."""

    days: Days
    paid_on: Literal["receipt", "sending"]
    return_postage: Literal["customer", "shop"]
    outbound_delivery: Literal["shop"] | None = None
    excluded: Exclusions


class Fault(Section):
    """Days after delivery within which a fault gives the money back as asked."""

    days: Days


class SellerProves(Section):
    """Days after delivery within which the seller must prove that the goods had no fault; of these
    categories, or of all goods where none is named."""

    days: Days
    categories: tuple[str, ...]

    def of(self, category: str | None) -> bool:
        return not self.categories or _among(category, self.categories)


class WithoutReturn(Section):
    """Reasons for which the law gives the money while the goods are not sent back; `spoiled` those
    for which it does where the goods are perishable. `outbound_delivery`: of what never came,
    delivery to the customer is paid back too."""

    reasons: tuple[str, ...]
    spoiled: tuple[str, ...]
    outbound_delivery: Literal["shop"] | None = None


class LawPack(Section):
    """What the law of one market says. `deposit`: where it leaves a deposit to the shop whose
    customer gives the order up; elsewhere all that was paid comes back."""

    deposit: Words | None = None
    no_reason: NoReason
    fault: Fault
    seller_proves: SellerProves
    without_return: WithoutReturn
    rules: dict[str, LawText]

    @model_validator(mode="after")
    def _complete(self) -> LawPack:
        if set(self.rules) != set(LAW_RULES):
            raise ValueError(f"rules: needs exactly {', '.join(LAW_RULES)}")
        return self

    def over(self, rules: Mapping[str, T]) -> Mapping[str, T | LawText]:
        """The words of these rules, those of the law where it has some."""
        return {rule: self.rules.get(rule, own) for rule, own in rules.items()}


def packs_of(markets: Any) -> dict[str, Any]:
    """The packs of the markets that a policy's section `markets` names, as they are written.

    Raises PolicyRefused for a market without a pack.
    """
    try:
        named = Markets.model_validate(markets).named()
    except ValueError:
        return {}  # validation of the whole policy says what is wrong
    return {market: _pack(market) for market in named}


def _pack(market: str) -> dict[str, Any]:
    known = sorted(pack.name.removesuffix(".toml") for pack in _PACKS.iterdir())
    if market not in known:
        raise PolicyRefused(
            f"markets: there is no law pack for the market {market!r}; there are packs for "
            f"{', '.join(known)}. Refunds cannot be decided without the law that applies to them"
        )
    pack = tomllib.loads((_PACKS / f"{market}.toml").read_text(encoding="utf-8"))
    articles = pack["no_reason"]["excluded"]
    pack["no_reason"]["excluded"] = {
        kind: {"article": article, "categories": excluded_goods()[kind]}
        for kind, article in articles.items()
    }
    return pack


def _among(category: str | None, names: tuple[str, ...]) -> bool:
    return category is not None and plain_category(category) in names


@lru_cache(maxsize=4_096)
def plain_category(category: str) -> str:
    """A category as the lists of policies and laws write it.

    >>> plain_category(" Fresh-Food ")
    'fresh_food'
    """
    return "_".join(category.strip().casefold().replace("-", " ").replace("_", " ").split())
