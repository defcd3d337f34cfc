"""What policies have gained since the first release, and how earlier policies go on.

A file that a shop wrote for an earlier release lacks these entries: they are taken from the default
policy when the file is loaded, and `refund-risk policy check` names them. A policy that decisions
were stored under is read as it was: without its words a rule does not apply, without its section a
setting changes nothing, and a message falls back to the one of that release, so that every decision
is made again as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

ADDED: tuple[str, ...] = (
    "rules.amount_check",
    "wording.messages.amount_check",
    "rules.order_record",
    "wording.messages.order_record",
    "evidence.order_record",
    "order_record",
    "rules.claim_confirmed",
    "rules.empty_return",
    "rules.worn_goods",
    "rules.incomplete_return",
    "rules.quality_right",
    "wording.messages.return_fault",
    "rules.own_findings",
    "rules.linked_findings",
    "rules.fresh_picture",
    "findings",
    "rules.postage_and_compensation",
    "extras",
    "wording.messages.not_shipped",
    "wording.messages.in_transit",
    "wording.messages.returning",
    "suggestions.not_while",
    "suggestions.not_for",
    "markets",
    "rules.excluded_by_law",
    "rules.burden_of_proof",
    "rules.statutory_refund",
    "wording.messages.return_change_of_mind",
    "wording.messages.returning_paid",
    "starter",
    "rules.withdrawn",
    "wording.messages.withdrawn",
    "rules.packed_otherwise",
    "rules.in_transit",
    "rules.return_receipt",
    "rules.return_unconfirmed",
    "return_receipt",
    "evidence.return_receipt",
    "wording.messages.return_receipt",
    "wording.messages.return_scanned",
    "wording.messages.found",
    "wording.messages.found_for",
    "offers",
    "wording.options.exchange_worn",
    "wording.options.partial_refund_worn",
    "wording.accounts.withdrawn",
    "wording.accounts.found",
    "rules.old_contact",
    "rules.payment_record",
    "evidence.old_contact",
    "evidence.payment_record",
    "old_contact",
    "payout_account",
    "platform_rules",
    "findings.block",
    "wording.messages.listed_evidence",
    "wording.messages.listed_prepayment",
    "wording.accounts.listed",
    "articles",
    "evidence.spoils",
    "evidence.codes",
    "evidence.not_repairable",
    "rules.not_repairable",
    "rules.return_astray",
    "wording.messages.payment",
    "wording.messages.kept",
    "wording.messages.goodwill_kind",
    "wording.messages.exchange_sent",
    "wording.messages.repair_sent",
    "wording.messages.return_lost",
    "wording.messages.return_came_back",
    "wording.accounts.payment",
    "wording.messages.found_return",
    "rules.payment_disputed",
    "rules.code_record",
    "rules.return_contested",
    "rules.repeated_refunds",
    "rules.declined_vague",
    "rules.whole_basket",
    "rules.late_fault",
    "repeats",
    "declined",
    "evidence.dispatch",
    "wording.messages.person_inspected",
    "wording.messages.payment_disputed",
    "wording.messages.record_unsent",
    "wording.messages.return_never_came",
    "wording.messages.consent_late",
    "wording.messages.code_record",
    "wording.messages.exchange_fault",
    "wording.messages.repair_fault",
    "wording.messages.return_paid",
    "wording.messages.return_fault_paid",
    "wording.messages.return_change_of_mind_paid",
    "wording.messages.found_exchange",
    "wording.messages.found_repair",
    "wording.messages.found_resend",
    "pictures",
    "repeats.kept_orders",
    "wording.messages.goodwill_moving",
    "wording.messages.no_amount",
    "wording.messages.return_code",
    "rules.dispatch_unknown",
    "rules.already_paid",
    "evidence.not_there",
    "order_record.one_customer",
    "wording.messages.exchange_unsent",
    "wording.messages.consent_return",
    "wording.messages.already_paid",
    "review",
    "targets",
    "wording.accounts.open",
    "findings.own_share",
    "rules.refused_unfound",
    "wording.messages.refused_unfound",
    "wording.messages.found_refused",
    "wording.messages.found_partly",
    "wording.messages.found_refused_honest",
    "wording.messages.found_exchanged",
    "wording.messages.found_withdrawn",
    "wording.messages.paid_partly",
    "rules.inspection_disputed",
    "rules.other_open_request",
    "wording.messages.open_request",
    "wording.messages.returned_light",
    "rules.declined_found",
    "declined.above_found",
    "rules.unsafe_goods",
    "wording.messages.person_unsafe",
    "rules.with_reviewer",
    "hearing",
    "rules.shop_first",
    "rules.shop_record",
    "rules.return_compared",
    "rules.courier_answer",
    "rules.shop_declined",
    "wording.messages.record_read",
    "wording.messages.return_read",
    "wording.messages.shop_declined",
    "wording.messages.shop_declined_return",
    "rules.payout_limit",
    "good_customer.tier_days",
    "wording.messages.cancelled_late",
    "rules.told_otherwise",
    "rules.own_postage",
    "wording.messages.exchange_goodwill",
    "wording.messages.consent_made",
    "wording.messages.told_unwanted",
    "wording.messages.own_postage",
    "rules.shop_answer",
    "wording.messages.shop_read",
    "pictures.hear_words",
    "extras.claim_first",
    "rules.partly_excluded",
    "wording.messages.goodwill_part",
    "hearing.look_above",
    "rules.look_first",
    "wording.messages.part_on_way",
    "wording.messages.refund_still",
    "rules.came_since",
    "evidence.came_since",
    "rules.told_fault",
    "wording.messages.told_fault",
    "wording.why.cap_group",
    "hearing.read_first",
    "evidence.lost_weight",
    "old_contact.moved_above",
    "person_first.others_first",
    "rules.repair_replaced",
    "wording.messages.repair_replaced",
    "wording.why.cap_group_nobody",
    "extras.parcel_goes_on",
    "wording.messages.consent_code",
    "rules.minor_purchase",
    "evidence.minor",
    "articles.bookings",
    "articles.services",
    "evidence.services",
    "evidence.bookings",
    "rules.service_record",
    "rules.service_consent",
    "wording.messages.service_record",
    "wording.messages.return_service",
    "wording.messages.consent_service",
    "articles.deposits",
    "rules.deposit",
    "wording.messages.consent_deposit",
    "rules.late_food",
    "rules.inspection_unshown",
    "evidence.returned_worn",
    "wording.messages.return_shown",
    "rules.packing_heard",
    "declined.without_courtesies",
)
"""The dotted paths of the entries, oldest first."""


def added_under(table: str) -> frozenset[str]:
    """The names of the entries that a table of the policy has gained.

    >>> "amount_check" in added_under("rules")
    True
    """
    prefix = f"{table}."
    return frozenset(
        path.removeprefix(prefix)
        for path in ADDED
        if path.startswith(prefix) and "." not in path.removeprefix(prefix)
    )


def completed(
    content: Mapping[str, Any], default: Mapping[str, Any], paths: Collection[str] = ADDED
) -> tuple[dict[str, Any], list[str]]:
    """The content with the entries at `paths` that it lacks taken from `default`, and their paths.

    Nothing is filled inside a table that is missing itself: validation names it.

    >>> completed({"rules": {"a": 1}}, {"rules": {"a": 2, "b": 3}}, ["rules.b"])
    ({'rules': {'a': 1, 'b': 3}}, ['rules.b'])
    """
    whole, taken = dict(content), []
    for path in paths:
        *around, last = path.split(".")
        table, source, known = whole, default, True
        for key in around:
            if not isinstance(table.get(key), Mapping):
                known = False
                break
            table[key] = dict(table[key])
            table, source = table[key], source[key]
        if known and last not in table:
            table[last] = source[last]
            taken.append(path)
    return whole, taken
