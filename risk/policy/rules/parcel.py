"""What the courier and the shop recorded of the parcels, and what is withdrawn."""

from __future__ import annotations

from risk.facts import NOT_GIVEN, UNRECEIVED_REASONS
from risk.policy import evidence
from risk.policy.effects import Effect, RuleContext
from risk.policy.money_left import parcel_goes_on
from risk.policy.occurrences import is_refused
from risk.policy.return_receipt import is_astray, is_due, is_over, is_unread
from risk.policy.rules.shared import AT_ONCE, PERSON, SETTLED, evidence_tier, received
from risk.policy.schema import Policy
from risk.policy.several_parcels import BECAME, missing_parcel
from risk.policy.situation import RETURNING, Situation
from risk.policy.weight_on_way import weighs_little


def is_light(policy: Policy, case: Situation) -> bool:
    """Whether an unopened return weighs far less than what should come back."""
    return not case.inspections and weighs_little(policy, case)


def courier_admits(context: RuleContext) -> Effect | None:
    """What the courier lost or sent back is paid; of what its customer refused the return is waited
    for."""
    case = context.case
    missing = case.claims_received is False or (
        case.claims_received is None and case.reason_code in UNRECEIVED_REASONS
    )
    lost = case.courier == "lost" and case.delivered_at is None and missing
    if is_refused(context.policy, case):
        return None
    if _is_part_lost(context):
        return SETTLED
    return SETTLED if lost or (case.courier == "returned_to_sender" and missing) else None


def _is_part_lost(context: RuleContext) -> bool:
    """Whether a part of the price is asked for what is missing, and one of the parcels is lost by
    the courier's record: of an order of one line, since nobody knows which of several was in it.
    Earlier policies heard everybody of it first."""
    case, used = context.case, context.case.money
    known = "partly_excluded" in context.policy.rules and case.partly_lost
    missing = case.reason_code in ("missing_item", "not_received") and not case.inspections
    part = used is not None and used.paid is not None and 0 < used.asked < used.paid
    alike = case.order_pieces == case.pieces
    return known and missing and part and alike and case.type == "refund_only"


def light_parcel(context: RuleContext) -> Effect | None:
    if not context.light:
        return None
    return Effect(at_least=evidence_tier(context), condition="inspect_on_return")


def withdrawn(context: RuleContext) -> Effect | None:
    """Nothing more is asked of anybody."""
    return SETTLED if context.case.withdrawn else None


def packed_otherwise(context: RuleContext) -> Effect | None:
    """The warehouse's own record settles a claim that it confirms; whether the customer keeps the
    wrong article for nothing is still the shop's to say."""
    case = context.case
    claimed = case.reason_code in ("wrong_item", "missing_item")
    if not claimed or not case.packed_otherwise or case.inspections:
        return None
    kept = case.type == "refund_only" and case.reason_code == "wrong_item"
    return AT_ONCE if kept and "return_contested" in context.policy.rules else SETTLED


def _is_returned_unseen(context: RuleContext) -> bool:
    """Whether a return is asked of goods that have not come, and whose parcel stands still: there
    is nothing to send back yet. Earlier policies asked for it."""
    case = context.case
    known = "refund_still" in context.policy.phrases and case.return_arrived is None
    unseen = case.claims_received is False and case.courier == "still"
    return known and unseen and case.type in RETURNING


def is_part_on_way(policy: Policy, case: Situation) -> bool:
    """Whether what is said to be missing may be in another parcel, which is still on its way;
    earlier policies paid, and it came."""
    known = "part_on_way" in policy.phrases and case.partly_on_way and not case.inspections
    settled = case.verdict not in (None, "undetermined") or case.partly_lost
    used = case.money
    part = used is not None and used.paid is not None and used.asked < used.paid
    missing = case.reason_code == "missing_item" or (case.reason_code == "not_received" and part)
    return known and not settled and missing


def in_transit(context: RuleContext) -> Effect | None:
    """A parcel on its way is stopped or redirected before anything is paid or sent."""
    case = context.case
    money_moves = case.type not in ("price_adjustment", "repair")
    on_its_way = case.courier == "moving" and not received(case) and money_moves
    part = is_part_on_way(context.policy, case) and "part_arrived" not in context.policy.rules
    part = part and money_moves
    part = part or _is_returned_unseen(context)
    stops = (on_its_way or part) and not parcel_goes_on(context.policy, case)
    return Effect(condition="courier_record") if stops else None


def part_arrived(context: RuleContext) -> Effect | None:
    """Of several parcels only what has not come is settled: shop and courier are asked about that
    one, whatever was delivered."""
    other = missing_parcel(context.policy, context.case)
    if other is None:
        return None
    return Effect(condition="courier_record", figures={"other": BECAME[other]})


def came_since(context: RuleContext) -> Effect | None:
    """The customer says whether what was missing came with the parcel that was delivered since."""
    if not evidence.is_come_since(context.policy, context.case):
        return None
    return Effect(at_least=evidence_tier(context))


def dispatch_unknown(context: RuleContext) -> Effect | None:
    """The shop says first whether a parcel left, before an article is paid back that may be with
    the customer and that nothing is wrong with."""
    policy, case = context.policy, context.case
    unknown = evidence.is_given_up_unseen(policy, case)
    asks = unknown and evidence.is_dispatch_unknown(policy, case)
    return Effect(condition="courier_record") if asks else None


def return_astray(context: RuleContext) -> Effect | None:
    """The courier is asked first about a return that it lost or is bringing back."""
    return Effect(condition="courier_record") if is_astray(context.case) else None


def return_receipt(context: RuleContext) -> Effect | None:
    """The courier is asked where a return was handed over that the shop has not received."""
    if not is_due(context.policy, context.case):
        return None
    return Effect(at_least=evidence_tier(context), condition="courier_record")


def return_unconfirmed(context: RuleContext) -> Effect | None:
    """Applies after the shop's and the courier's time, where neither has said anything else and
    no finding is against the customer."""
    if not is_over(context.policy, context.case) or _contradicted(context):
        return None
    unread = is_unread(context.policy, context.case)
    return AT_ONCE._replace(condition="courier_record") if unread else SETTLED


def return_contested(context: RuleContext) -> Effect | None:
    """The courier says that the return was delivered, and what the shop gave of it, its weight, its
    number, the order of events or a finding against the customer says otherwise: a person settles
    it; by right the courier is asked, and nobody else."""
    if not is_over(context.policy, context.case) or not _contradicted(context):
        return None
    return Effect(condition="courier_record") if context.lane == "no_reason" else PERSON


def _contradicted(context: RuleContext) -> bool:
    case = context.case
    if "return_compared" in context.policy.rules:
        return bool(case.return_against) or context.light or case.abuse_findings > 0
    answers = any(by == "merchant" and kind not in NOT_GIVEN for kind, by in case.evidence)
    return answers or context.light or case.abuse_findings > 0
