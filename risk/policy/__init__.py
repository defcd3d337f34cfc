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
    bothers,
)
from risk.policy.bars import CaseBars, InterventionBar, bar
from risk.policy.costs import ask_floor
from risk.policy.lanes import LaneFacts, lane
from risk.policy.listing import Listing
from risk.policy.loading import Change, diff, load, parse, parse_stored, vary
from risk.policy.messages import account
from risk.policy.reloading import Policies, ReloadingPolicies
from risk.policy.rule_on import asked, decide
from risk.policy.schema import Policy
from risk.policy.situation import TIERS, Lane, Situation, Tier
from risk.policy.thresholds import Thresholds

__all__ = [
    "TIERS",
    "AppliedRule",
    "Audit",
    "CaseBars",
    "Change",
    "EvidenceRequest",
    "InterventionBar",
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
    "ask_floor",
    "asked",
    "bar",
    "bothers",
    "decide",
    "diff",
    "lane",
    "load",
    "parse",
    "parse_stored",
    "vary",
]
