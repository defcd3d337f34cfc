"""The decision: a probability, money, law and manners in; a tier, its reasons and words out.

`load` a policy, describe a case as a `Situation`, and `decide`. Nothing here reads anything but
the policy file, and nothing can refuse a refund.
"""

from risk.policy.answers import Applied, Ask, Audit, Money, Option, Ruling, Why
from risk.policy.lanes import Asked, lane
from risk.policy.loading import Change, diff, load, parse, vary
from risk.policy.messages import account
from risk.policy.reloading import Policies, Shelf
from risk.policy.rule_on import bar, decide
from risk.policy.schema import Policy
from risk.policy.situation import TIERS, Lane, Listing, Situation, Thresholds, Tier

__all__ = [
    "TIERS",
    "Applied",
    "Ask",
    "Asked",
    "Audit",
    "Change",
    "Lane",
    "Listing",
    "Money",
    "Option",
    "Policies",
    "Policy",
    "Ruling",
    "Shelf",
    "Situation",
    "Thresholds",
    "Tier",
    "Why",
    "account",
    "bar",
    "decide",
    "diff",
    "lane",
    "load",
    "parse",
    "vary",
]
