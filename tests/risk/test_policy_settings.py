"""Every setting of a policy, and every field of a situation, is read by something."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, get_args

import pytest

from risk.cases.papers.customer_account import account
from risk.cases.papers.ruling_asked import platform_rules
from risk.errors import PolicyRefused
from risk.facts import CHANNELS, REASONS, TYPES, VERDICTS
from risk.features.order_money import OrderMoney
from risk.policy import Listing, Policy, Situation, Thresholds, decide, parse, vary
from risk.policy.next_step import next_step
from risk.policy.sections import Section
from tests.risk.policy_cases import CONDITIONS, DAY, NOW, POLICY, case, yuan
from training.cli.policy import scope_of, validity
from training.promote_starter import in_service
from training.starter.packaged import packaged
from training.train import promised_share_of

Setting = tuple[str, str]
"""The section's class and the field in it."""

CHECKED: set[Setting] = {
    ("Article", "also"),
    ("Wording", "forbidden"),
    ("ForbiddenWords", "en"),
    ("ForbiddenWords", "zh"),
}
"""Read when a policy is loaded, which is their use: they refuse messages, and complete a list."""

OF_PAGES: set[Setting] = {
    ("Policy", "review"), ("Review", "team_hours"), ("Review", "blind_share"),
    ("Policy", "targets"), ("Targets", "return_rate"), ("Targets", "complaints"),
    ("Targets", "first_answer_hours"), ("Targets", "satisfaction"),
}  # fmt: skip
"""Read by the console beside stored cases: `test_cases_team_clock.py`, `test_cases_blind.py` and
`test_cases_overview.py` hold what each does."""


def sections_of(annotation: Any) -> Iterator[type[Section]]:
    """The sections that an annotation speaks of, inside containers too."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for inner in get_args(annotation):
        yield from sections_of(inner)


def settings_of(section: type[Section]) -> set[Setting]:
    """Every field of a section and of the sections in it."""
    found: set[Setting] = set()
    for name, field in section.model_fields.items():
        found.add((section.__name__, name))
        for inner in sections_of(field.annotation):
            found |= settings_of(inner)
    return found


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> set[Setting]:
    """The settings read from now on."""
    seen: set[Setting] = set()

    def recorded(self: Section, name: str) -> Any:
        if name in type(self).model_fields:
            seen.add((type(self).__name__, name))
        return object.__getattribute__(self, name)

    monkeypatch.setattr(Section, "__getattribute__", recorded, raising=False)
    return seen


ANSWERED = {"linked_refunds", "unknown"}
"""Fields of a situation that the answer and its reasons read, and no rule."""

MONIES = tuple(
    OrderMoney(paid, yuan(99), 0, 0, "CNY", extras=yuan(extras))
    for paid in (None, yuan(99), yuan(9))
    for extras in (0, 200)
)
SHARED = OrderMoney(yuan(99), yuan(99), 0, 0, "CNY", customers=2)
VALUES: dict[str, tuple[Any, ...]] = {
    "type": TYPES, "reason_code": REASONS, "channel": (None, *CHANNELS),
    "amount": tuple(yuan(n) for n in (9, 99, 299, 900, 9_000)), "probability": (0.05, 0.3, 0.9),
    "stage": ("request", "evidence", "return", "inspection"), "as_of": (NOW, NOW + 60 * DAY),
    "claims_received": (None, True, False), "customer_tier": (None, "vip"),
    "no_reason_return": (None, True, False), "merchant_id": (None, "M-1"),
    "placed_at": (None, NOW - 40 * DAY), "delivered_at": (None, NOW - 2 * DAY, NOW - 20 * DAY),
    "courier": (None, "moving", "delivered", "lost"),
    "return_arrived_at": (*(None,) * 9, NOW - 2 * DAY), "respond_by": (None, NOW + DAY),
    "evidence": ((), (("photo", "customer"),), (("declined", "customer"),)),
    "reused_evidence": (0, 1), "verdict": (None, None, None, *VERDICTS),
    "inspected_by": ((), ("merchant",), ("merchant",), ("platform",)),
    "inspected_at": (None, NOW - DAY // 2, NOW - 2 * DAY), "return_told": (None, "shown", "silent"),
    "inspections": ((), (), ("as_sent",), *((condition,) for condition in CONDITIONS)),
    "orders": (0, 40), "age_days": (None, 900.0), "linked_fraud": (0, 1), "agitated": (True, False),
    "live_findings": (None, 0, 3), "live_linked": (None, 0, 3), "moved": (False, False, True),
    "payout_changed": (*(False,) * 8, True), "payout_stake": (*(0,) * 8, yuan(100), yuan(900)),
    "listings": ((), (Listing("block", "a cause", "lin"),), (Listing("allow", "a cause", "lin"),)),
    "money": (*(None,) * 12, *MONIES, SHARED), "line_unknown": (*(False,) * 8, True),
    "category": (None, "fresh_food", "phones"), "return_arrived": (None, False, True),
    "sent_weight_g": (None, 900.0), "return_weight_g": (None, 50.0), "audit_draw": (0.0, 1.0),
    "kept_before": (0, 5), "unproven_before": (None, 0, 5), "unproven_orders": (None, 0, 5),
    "specificity": (None, 20),
    "refused_unfound": (*(False,) * 12, True),
    "order_pieces": (0, 30), "pieces": (1, 3), "packed_as_ordered": (None, None, "record"),
    "doubtful_pictures": (0, 0, 1), "older_pictures": (False, True),
}  # fmt: skip


def use(policy: Policy) -> None:
    """Decide many cases and give accounts of them; what a training and the commands read."""
    chance = random.Random(1)
    for _ in range(12_000):
        known = {name: chance.choice(values) for name, values in VALUES.items()}
        proven = chance.choice((None, Thresholds(0.2)))
        one = replace(case(), **known)
        made = decide(policy, one, proven)
        next_step(policy, one, made)
        account({"tier": made.tier, "required_evidence": [], "reasons": []}, policy)
    promised_share_of(policy, None)
    platform_rules({"rules": [{"id": "merchant_consent"}]}, policy)
    scope_of(0, policy)
    validity(policy)
    assert policy.starter is not None
    in_service(packaged(), policy.starter)


def test_every_setting_is_read(read: set[Setting]) -> None:
    policy = parse(f"{POLICY.source}\n# A text that nobody has read before.\n")
    read.clear()
    use(policy)
    assert settings_of(Policy) - read == CHECKED | OF_PAGES


def test_every_field_of_a_situation_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[str] = set()

    def recorded(self: Situation, name: str) -> Any:
        if sys._getframe(1).f_globals["__name__"] != "dataclasses":  # copying is not reading
            seen.add(name)
        return object.__getattribute__(self, name)

    monkeypatch.setattr(Situation, "__getattribute__", recorded, raising=False)
    use(POLICY)
    assert {field.name for field in fields(Situation)} - seen == ANSWERED


def test_what_only_the_check_reads_refuses_a_policy() -> None:
    word = POLICY.wording.messages["refund"]["en"].split()[0]
    with pytest.raises(PolicyRefused, match="contains"):
        vary(POLICY, {"wording.forbidden.en": [word]})


def test_a_setting_that_nobody_reads_is_found(read: set[Setting]) -> None:
    class Idle(Section):
        used: float
        idle: float

    idle = Idle(used=1.0, idle=2.0)
    read.clear()
    assert idle.used == 1.0
    assert settings_of(Idle) - read == {("Idle", "idle")}
