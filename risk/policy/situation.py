"""The input of the policy: everything it needs to know about one case, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from risk.features.order_money import OrderMoney
from risk.policy.listing import Listing

Tier = Literal["approve", "request_evidence", "platform_intervention"]
Lane = Literal["standard", "no_reason"]
Stage = Literal["request", "evidence", "return", "inspection"]
Courier = Literal["not_shipped", "moving", "still", "delivered", "lost", "returned_to_sender"]

PictureDoubt = Literal["elsewhere", "older", "generated"]
"""A picture that somebody else gave before, or taken before the order, or made by a program."""

LeftAsOrdered = Literal["record", "weight", "film", "purchase"]
"""What says that the right article left: the warehouse's record, the parcel's weight, pictures of
the packing, the shop's own purchase."""

AgainstReturn = Literal["shown", "number", "early"]
"""What says otherwise than the scan of a return: what the shop gave after it, its number, which
brought back somebody else's goods before, or that it came before the goods had."""

OtherParcel = Literal["moving", "still", "lost"]
"""What became of a parcel that has not come while another of its order has."""

ToldOf = Literal["price", "address", "refused", "unsent", "fitter", "dead"]
"""What a text says happened: the price fell, another address was given, the parcel was refused,
nothing was sent, a fitter damaged it, an animal died."""

Alternative = Literal["exchange", "repair", "resend", "partial_refund", "voucher"]

TIERS: tuple[Tier, ...] = ("approve", "request_evidence", "platform_intervention")
"""Mildest first; a tier's place in this list is its strictness."""

RETURNING = frozenset({"return_and_refund", "exchange", "repair"})
"""Types of request in which the goods come back."""

UNDELIVERED = frozenset({"not_shipped", "moving", "still", "lost", "returned_to_sender"})
"""States of the outbound parcel in which the customer does not have the goods."""

ON_ITS_WAY = frozenset({"moving", "still"})
"""States in which the outbound parcel may still be stopped."""

NOT_WITH_CUSTOMER = UNDELIVERED - ON_ITS_WAY
"""States in which there is nothing the customer could send back."""


OrderLine = tuple[str | None, bool | None]
"""The category of a line of an order, and whether the order says that it may be returned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One case as of one moment. Only the first seven must be known; None means unknown.
    Times are milliseconds since the epoch, money is in 1/10,000 of the major unit of `currency`,
    weights are grams (`sent_weight_g`: of what should come back). What a name does not say:

    - `probability`: the calibrated probability of abuse, by the model of this case's lane.
    - `courier`: the state of the outbound parcel; `still` is sent, and no movement for days.
    - `evidence`: (kind, submitted_by) of each item given, `declined` included as a kind.
    - `reused_evidence`: how many of the customer's items another case had before.
    - `doubtful_pictures`: how many times the customer gave pictures that somebody unrelated gave
      before, or that were taken well before the order; 0 once there is a fresh one.
      `older_pictures`: all that is doubtful is when they were taken. `picture_doubts`: what is
      doubtful of them; empty in decisions of earlier releases. `picture_words`: the customer wrote
      after them.
    - `inspected_by`: who made each of the `inspections`; empty in decisions of earlier releases.
    - `inspected_at`: when the latest of them became known. `return_told`: what the shop has done
      to show what it says of the return, `silent` where it was asked and had nothing.
    - `verdict`: the standing outcome of this case.
    - `live_findings`, `live_linked`: the findings of abuse that still count at this shop, against
      the customer and against others with the same card, device or payout account. Releases that
      did not know them counted every finding.
    - `payout_changed`, `moved`: the payout account, or device and address, are others than those
      known of the customer. `contact_confirmed`: the customer confirmed it when asked; releases
      that did not know it took any chat for that. `payout_stake`: what others asked back to the
      payout account within a day.
    - `customer_stake`, `ring_stake`: the money asked back in the 30 days before by the customer
      and by the ring (the customer included), this request left out.
    - `audit_draw`: a number in [0, 1) that the case always draws again; 1.0 takes no part in
      audits.
    - `money`: that of the lines the request is about; earlier releases decided without it.
    - `line_unknown`: the request names a line that its order is not known to have.
    - `return_arrived`, `return_arrived_at`: whether and when a return was scanned as delivered;
      None where none was sent. `return_astray`: what became of one that never arrived.
    - `return_against`: what says otherwise than that scan. `return_chat`: the shop wrote after it.
    - `packed_otherwise`: the warehouse's own record says that another article, or fewer pieces,
      went in.
    - `packed_as_ordered`: what says that all went in as ordered, where a part is said to be missing
      or another article: the warehouse's record, or the parcel's weight on its way.
    - `weighings`: (direction, when it was sent, on arrival) of the parcels that were weighed.
    - `left_as_ordered`: what says that the right article left, whatever a shop found in the return.
    - `paid_back`: what outcomes say was paid. `refused_unfound`: a person could not determine what
      happened, and refused the request. `resolution`: what the standing outcome says was done.
    - `told_of`: what the text says happened; empty in decisions of earlier releases.
      `told_part`: the text says that a part is missing or at fault; `told_minor` that a child
      bought it; `told_deposit` that what was paid is a deposit by law (定金);
      `told_courtesy` that it says next to nothing beside polite words. Against the
      reason named: `told_unwanted`, nothing is wrong and it is not wanted any more; `told_fault`,
      it is broken.
    - `shop_no_outdated`: the customer gave something after the shop's last no, which answers none
      of that. `shop_refusals`: its noes to the refund itself, which came with the request and
      answer no question.
    - `stated_reason`: the reason as it was named, in a lane in which none counts.
    - `partly_lost`, `partly_on_way`, `came_since`: one of several parcels was delivered, and
      another lost or sent back, is on its way, or came after the request. `other_parcel`: what
      became of the other, told apart by lines too; decisions of earlier releases do not know it.
    - `lines`: those of an order of several that is asked back as a whole.
    - `held`: somebody works on its case, and its money waits for them.
    - `unknown`: those whom nobody named: the customer, the shop, the device …
    - `unproven_before`: the customer's other refund-only requests of the 30 days before, for goods
      that came, not withdrawn and not found justified. Releases that did not know it had
      `kept_before`, all of them, and `honest_findings`, what was found honest at any time.
      `unproven_orders`: of how many other orders, less those found justified.
    - `specificity`: how much the text says, in thousandths.
    - `pieces`, `order_pieces`: how many pieces the line and the order have.
    - `groups`: those of `risk.decisions.honest_groups` that the customer belongs to; empty in
      decisions of earlier releases.
    - `never_came`: a return is asked of goods that the customer says they do not have.
    - `in_place_of_repair`: the other article that is asked for replaces one to be repaired.
    """

    type: str
    reason_code: str
    amount: int
    currency: str
    requested_at: int
    as_of: int
    probability: float
    stage: Stage = "request"
    channel: str | None = None
    claims_received: bool | None = None
    customer_tier: str | None = None
    no_reason_return: bool | None = None
    merchant_id: str | None = None
    placed_at: int | None = None
    delivered_at: int | None = None
    courier: Courier | None = None
    respond_by: int | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    reused_evidence: int = 0
    doubtful_pictures: int = 0
    older_pictures: bool = False
    picture_doubts: tuple[PictureDoubt, ...] = ()
    picture_words: bool = False
    inspections: tuple[str, ...] = ()
    inspected_by: tuple[str, ...] = ()
    inspected_at: int | None = None
    return_told: Literal["shown", "silent"] | None = None
    verdict: str | None = None
    orders: int = 0
    refunds: int = 0
    age_days: float | None = None
    abuse_findings: int = 0
    live_findings: int | None = None
    live_linked: int | None = None
    payout_changed: bool = False
    moved: bool = False
    payout_stake: int = 0
    linked_customers: int = 0
    linked_refunds: int = 0
    linked_fraud: int = 0
    customer_stake: int = 0
    ring_stake: int = 0
    listings: tuple[Listing, ...] = ()
    agitated: bool = False
    unsafe: bool = False
    sent_weight_g: float | None = None
    return_weight_g: float | None = None
    audit_draw: float = 1.0
    money: OrderMoney | None = None
    line_unknown: bool = False
    category: str | None = None
    return_arrived: bool | None = None
    return_arrived_at: int | None = None
    return_astray: Literal["lost", "returned_to_sender"] | None = None
    packed_otherwise: bool = False
    kept_before: int = 0
    honest_findings: int = 0
    unproven_before: int | None = None
    unproven_orders: int | None = None
    specificity: int | None = None
    pieces: int = 1
    order_pieces: int = 0
    never_came: bool = False
    in_place_of_repair: bool = False
    withdrawn: bool = False
    paid_back: int | None = None
    refused_unfound: bool = False
    resolution: str | None = None
    held: bool = False
    packed_as_ordered: Literal["record", "weight"] | None = None
    weighings: tuple[tuple[str, float | None, float | None], ...] = ()
    left_as_ordered: LeftAsOrdered | None = None
    return_against: tuple[AgainstReturn, ...] = ()
    return_chat: bool = False
    unknown: tuple[str, ...] = ()
    contact_confirmed: bool | None = None
    told_of: tuple[ToldOf, ...] = ()
    told_part: bool = False
    told_minor: bool = False
    told_deposit: bool = False
    told_courtesy: bool = False
    told_fault: bool = False
    told_unwanted: bool = False
    shop_no_outdated: bool = False
    shop_refusals: int = 0
    stated_reason: str | None = None
    lines: tuple[OrderLine, ...] = ()
    partly_lost: bool = False
    partly_on_way: bool = False
    came_since: bool = False
    other_parcel: OtherParcel | None = None
    groups: tuple[str, ...] = ()

    @property
    def kept_unproven(self) -> int:
        """How often the customer asked to be paid back and keep the goods, as far as it counts."""
        if self.unproven_before is None:
            return self.kept_before - self.honest_findings
        return self.unproven_before

    @property
    def own_abuse(self) -> int:
        """The findings of abuse against the customer that count."""
        return self.abuse_findings if self.live_findings is None else self.live_findings

    @property
    def linked_abuse(self) -> int:
        """The findings of abuse against those around the customer that count."""
        return self.linked_fraud if self.live_linked is None else self.live_linked

    @property
    def unmatched(self) -> bool:
        """Whether no known order has what the request names: the order, its line, its currency."""
        used = self.money
        if used is None:
            return False
        return used.paid is None or self.line_unknown or used.currency != self.currency
