"""Every setting of a policy is read by what decides, speaks or learns; none is there for show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from policy_cases import DAY, NOW, POLICY, case, situations

from risk.errors import PolicyRefused
from risk.policy import Policy, Situation, Thresholds, account, decide, parse, vary
from risk.policy.sections import Section
from training.cli.policy import scope_of, validity
from training.train import promised

Setting = tuple[str, str]
"""The section's class and the field in it."""

CHECKED: set[Setting] = {("Wording", "forbidden"), ("Forbidden", "en"), ("Forbidden", "zh")}
"""Read when a policy is loaded, which is their use: they refuse messages."""


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


RARE = (
    case(type="return_and_refund", no_reason_return=True, placed_at=NOW - 40 * DAY),
    case(0.5, 300.0),
)
"""Cases that chance seldom makes: a return of goods whose delivery nobody recorded, and a question
that the audit may leave out."""


def use(policy: Policy) -> None:
    """Decide many cases and give accounts of them; what a training and the commands read."""
    thresholds = st.none() | st.builds(Thresholds, ask_above=st.floats(0, 1))

    @settings(max_examples=150, derandomize=True, database=None, deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=situations, proven=thresholds)
    def decided(case: Situation, proven: Thresholds | None) -> None:
        account(policy, decide(policy, case, proven))

    decided()
    for one in RARE:
        decide(policy, one)
    promised(policy, None)
    scope_of(0, policy)
    validity(policy)


def test_every_setting_is_read(read: set[Setting]) -> None:
    policy = parse(POLICY.source)
    read.clear()
    use(policy)
    assert settings_of(Policy) - read == CHECKED


def test_what_only_the_check_reads_refuses_a_policy() -> None:
    word = POLICY.wording.messages["refund"]["en"].split()[0]
    with pytest.raises(PolicyRefused, match="says"):
        vary(POLICY, {"wording.forbidden.en": [word]})


def test_a_setting_that_nobody_reads_is_found(read: set[Setting]) -> None:
    class Idle(Section):
        used: float
        idle: float

    idle = Idle(used=1.0, idle=2.0)
    read.clear()
    assert idle.used == 1.0
    assert settings_of(Idle) - read == {("Idle", "idle")}
