"""The numbers of a policy about what a customer claims, how often, and what was found of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from risk.policy.sections import Money, Section, Share


class Findings(Section):
    """How many findings of abuse call a person or ask for evidence; a customer's `own` only where
    they are `own_share` of all that was found about the customer."""

    own: Annotated[int, Field(ge=1, le=99)]
    own_share: Annotated[float, Field(gt=0, le=1)] | None = None
    linked: Annotated[int, Field(ge=1, le=99)]
    block: Annotated[int, Field(ge=1, le=99)] | None = None


class Repeats(Section):
    """How many refund-only requests of a customer in 30 days, and what share of their orders
    (`by_orders`: the other orders asked for, however often each is); how many pieces of an order
    that are all kept, unless the customer had so many orders within a year and kept most
    (`good_customer.refund_share`)."""

    refund_only: Annotated[int, Field(ge=1, le=99)]
    share: Share
    pieces: Annotated[int, Field(ge=2, le=100_000)] | None = None
    kept_orders: Annotated[int, Field(ge=1, le=100_000)] | None = None
    by_orders: bool | None = None


class Pictures(Section):
    """Above which amount a fresh picture is asked for in place of ones that were only taken well
    before the order, and whether a person hears who answers that question in words."""

    older_above: Money
    hear_words: bool | None = None


class Hearing(Section):
    """Above which amount the shop is heard before the customer's word alone is enough, and above
    which a record of packing that says otherwise is worth a question to the customer. Above
    `look_above` a person looks at what the customer gave, once the shop was heard. `read_first`:
    what the shop gave is looked at before the customer is asked, and nothing that is on record is
    asked for. `photo_answers`: up to `look_above` a customer's fresh picture answers the
    warehouse's record, so that shop and courier are heard next, and no person is called.
    `by_price`: another article that names no amount counts by the price of the first."""

    above: Money
    record_above: Money
    look_above: Money | None = None
    read_first: bool | None = None
    photo_answers: bool | None = None
    by_price: bool | None = None


class Declined(Section):
    """Above which amount an express no to a question, with a text that says so little (in
    thousandths), needs a person, and above which that of somebody who was found abusing does.
    `without_courtesies`: polite words make no text say more."""

    above: Money
    above_found: Money | None = None
    specificity: Annotated[int, Field(ge=0, le=1000)]
    without_courtesies: bool | None = None
