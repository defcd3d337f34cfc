"""The entries of the block and the allow list."""

from __future__ import annotations

from risk.policy.effects import Effect, RuleContext
from risk.policy.listing import Listing
from risk.policy.rules.shared import AT_ONCE, evidence_tier
from risk.policy.situation import Tier


def block_list(context: RuleContext) -> Effect | None:
    """An entry bears on refunds only while a finding against its customer stands."""
    limit = context.policy.findings
    unfounded = limit and limit.block and context.case.own_abuse < limit.block
    if unfounded or not context.case.listings:
        return None
    as_of = context.case.as_of
    wanted = {one.asks for one in context.case.listings if _applies(one, "block", as_of)}
    if not wanted:
        return None
    tier: Tier = evidence_tier(context) if "evidence" in wanted else "approve"
    return Effect(at_least=tier, prepayment="prepayment" in wanted)


def allow_list(context: RuleContext) -> Effect | None:
    """An entry ends with a finding of abuse against its customer."""
    if context.policy.findings and context.case.own_abuse:
        return None
    for entry in context.case.listings:
        if _applies(entry, "allow", context.case.as_of):
            return AT_ONCE
    return None


def _applies(entry: Listing, kind: str, as_of: int) -> bool:
    recorded = bool(entry.cause.strip() and entry.by.strip())
    current = entry.expires_at is None or as_of < entry.expires_at
    return entry.kind == kind and recorded and current
