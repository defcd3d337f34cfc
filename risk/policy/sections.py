"""The numbers of a policy, section by section. `risk/policy.toml` explains each where it stands."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from risk.policy.situation import Tier


class Section(BaseModel):
    """Part of a policy file: nothing unknown in it, no infinities, unchangeable."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as problem:
        raise ValueError(f"no such time zone: {name}") from problem
    return name


Share = Annotated[float, Field(ge=0, le=1)]
Money = Annotated[float, Field(ge=0, le=1e9)]
Hours = Annotated[int, Field(ge=1, le=24 * 365)]
Rate = Annotated[float, Field(gt=0, le=1e6)]
Zone = Annotated[str, AfterValidator(_zone)]


class Currency(Section):
    base: str
    rates: dict[str, Rate]

    @model_validator(mode="after")
    def _base_is_one(self) -> Currency:
        if self.rates.get(self.base) != 1:
            raise ValueError(f"rates.{self.base} must be 1, it is the policy's own currency")
        return self


class Costs(Section):
    asked: Money
    gives_up: Money
    gives_up_share: Share
    waiting: Money
    accused: Money

    @property
    def question(self) -> float:
        """The cost of asking an honest customer: the bother, and those who give up their right."""
        return self.asked + self.gives_up_share * self.gives_up

    @model_validator(mode="after")
    def _ordered(self) -> Costs:
        if not self.waiting <= self.question <= self.accused:
            raise ValueError("needs waiting <= asked + gives_up_share * gives_up <= accused")
        return self


class Handling(Section):
    record: Money
    inspection: Money
    question: Money
    person: Money

    @model_validator(mode="after")
    def _ordered(self) -> Handling:
        if not max(self.record, self.inspection) <= self.question <= self.person:
            raise ValueError("needs record, inspection <= question <= person")
        return self


class Recovery(Section):
    record: Share
    inspection: Share
    person: Share


class ComesBack(Section):
    refund_only: Share
    return_and_refund: Share
    exchange: Share
    repair: Share
    resend: Share
    price_adjustment: Share
    undelivered: Share


class Stake(Section):
    ring_share: Share


class Caps(Section):
    honest_share: Share
    ask_above: Share
    ask_above_unproven: Share
    person_above: Share
    person_after_answer: Share

    @model_validator(mode="after")
    def _ordered(self) -> Caps:
        if not self.ask_above <= self.ask_above_unproven <= self.person_above:
            raise ValueError("needs ask_above <= ask_above_unproven <= person_above")
        if self.person_after_answer > self.person_above:
            raise ValueError("needs person_after_answer <= person_above")
        return self


class StarterUse(Section):
    prevalence: Annotated[float, Field(gt=0, lt=0.5)]
    ask_share: Share


class AuditShare(Section):
    approvals: Share
    let_through: Share
    let_through_up_to: Money


class Deadline(Section):
    answer_hours: Hours
    reply_hours: Hours
    pay_hours: Hours
    goods_hours: Hours
    exchange_days: Annotated[int, Field(ge=1, le=365)]
    when_passed: Literal["keep", "approve"]


class Zones(Section):
    default: Zone
    merchants: dict[str, Zone] = {}


class Right(Section):
    days: Annotated[int, Field(ge=7, le=365)]
    presumed_days: Annotated[int, Field(ge=7, le=365)]


class Consent(Section):
    standing: bool
    merchants: tuple[str, ...]
    up_to: Money


class LightParcel(Section):
    share: Share


class SmallAmount(Section):
    up_to: Money
    below: Share


class GoodCustomer(Section):
    up_to: Money
    below: Share
    age_days: Annotated[int, Field(ge=0, le=3_650)]
    orders: Annotated[int, Field(ge=0)]
    refund_share: Share
    tiers: tuple[str, ...]
    tier_days: Annotated[int, Field(ge=0, le=3_650)] | None = None


class OldContact(Section):
    age_days: Annotated[int, Field(ge=0, le=3_650)]
    moved_above: Money | None = None
    replaced_too: bool | None = None


class PayoutAccount(Section):
    per_day: Money


class PlatformRule(Section):
    """A rule of the platform by its title, and the rules of this policy that rest on it."""

    en: Annotated[str, Field(min_length=1)]
    zh: Annotated[str, Field(min_length=1)]
    rules: tuple[str, ...]


class Extras(Section):
    up_to: Money
    claim_first: bool | None = None
    parcel_goes_on: bool | None = None


class ReturnReceipt(Section):
    shop_hours: Hours
    courier_hours: Hours


class Offers(Section):
    worn_part: Share
    warranty_months: Annotated[int, Field(ge=0, le=120)]
    postage: Money


class OrderRecord(Section):
    up_to: Money
    one_customer: bool | None = None


class PersonFirst(Section):
    amount: Money
    amount_above: Share
    channels: tuple[str, ...]
    channel_amount: Money
    agitated: bool
    others_first: bool | None = None


class Inspection(Section):
    different_item: Tier
    counterfeit: Tier
    empty: Tier
    used: Tier
    damaged_by_customer: Tier
    incomplete: Tier
