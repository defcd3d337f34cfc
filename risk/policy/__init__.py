"""The policy: from a probability, the money and the rules to a tier, its reasons and messages.

`load` a policy, describe a case as a `Situation`, and `decide`. Nothing here reads anything but
the policy file, and nothing can refuse a refund.
"""

from risk.policy.answers import (
    AppliedRule,
    Audit,
    EvidenceRequest,
    Money,
    Option,
    Ruling,
    TierReason,
)
from risk.policy.lanes import LaneFacts, lane
from risk.policy.loading import Change, diff, load, parse, parse_stored, vary
from risk.policy.messages import account
from risk.policy.reloading import Policies, ReloadingPolicies
from risk.policy.rule_on import bar, decide
from risk.policy.schema import Policy
from risk.policy.situation import TIERS, Lane, Listing, Situation, Thresholds, Tier

__all__ = [
    "TIERS",
    "AppliedRule",
    "Audit",
    "Change",
    "EvidenceRequest",
    "Lane",
    "LaneFacts",
    "Listing",
    "Money",
    "Option",
    "Policies",
    "Policy",
    "ReloadingPolicies",
    "Ruling",
    "Situation",
    "Thresholds",
    "Tier",
    "TierReason",
    "account",
    "bar",
    "decide",
    "diff",
    "lane",
    "load",
    "parse",
    "parse_stored",
    "vary",
]
