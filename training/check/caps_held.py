"""Which cap or floor keeps a policy from the answers that would cost least, and what that costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from risk.policy import Policy, ask_floor, vary
from training.check.backtest import MEASURES, BacktestCases, measure, run

_NO_CAPS = {
    f"caps.{name}": 0.0
    for name in ("ask_above", "ask_above_unproven", "person_above", "person_after_answer")
}


def caps_held(policy: Policy, cases: BacktestCases, found: pd.DataFrame) -> str:
    """What holds the bar of this policy, in words; `found` is its run over the cases."""
    free = _without_caps(policy, cases)
    held = found["why"][free["tier"].to_numpy() != found["tier"].to_numpy()]
    held = held.replace("cap_group", "cap_ask")
    if held.empty:
        return "no cap holds anybody back: every request is answered at the least cost"
    share = policy.caps.honest_share
    free_of = {name: measure(free, name, draws=1).value for name in MEASURES}
    here = {name: measure(found, name, draws=1).value for name in MEASURES}
    saved, cost = (free_of[name] - here[name] for name in ("saved_share", "cost_a_request"))
    by = _held_by(policy, cases, held) + _of_groups(cases, found)
    return (
        f"{len(held):,} of {len(found):,} requests are answered milder than costs least, held by "
        f"{by}; without it {saved:+.1%} of abusive money would be "
        f"stopped at {cost:+.2f} {policy.currency.base} a request, and "
        f"{free_of['honest_bothered']:.1%} of honest people bothered (the cap is {share:.1%})"
    )


def _held_by(policy: Policy, cases: BacktestCases, why: pd.Series) -> str:
    """The caps that held these requests, with how many each where there are two."""
    caps, people = policy.caps, int((why == "cap_person").sum())
    person = f"caps.person_above {caps.person_above:g} (after an answer "
    person += f"caps.person_after_answer {caps.person_after_answer:g})"
    if people in (0, len(why)):
        return person if people else _floor(policy, cases)
    return f"{_floor(policy, cases)} ({len(why) - people:,}) and {person} ({people:,})"


def _of_groups(cases: BacktestCases, found: pd.DataFrame) -> str:
    """How many of them reach that bar, and not their group's."""
    held = int((found["why"] == "cap_group").sum())
    if not held or cases.thresholds is None:
        return ""
    own = ", ".join(f"{name} {at:.3g}" for name, at in cases.thresholds.of_group.items())
    return f" ({held:,} by the bar of their group: {own})"


def unchanged(
    swept: Mapping[str, Policy], cases: BacktestCases, found: Mapping[str, pd.DataFrame], base: str
) -> Iterator[str]:
    """Why a value of a sweep changes no answer of the policy named `base`; both are in `found`."""
    for name, policy in swept.items():
        if not _same(found[name], found[base]):
            continue
        free = _without_caps(policy, cases)
        why = (
            "every request is answered at the least cost already"
            if _same(free, found[name])
            else f"{_floor(policy, cases)} decides, whatever the cost says"
        )
        yield f"{name} changes no answer: {why}"


def _floor(policy: Policy, cases: BacktestCases) -> str:
    """The floor below which nobody is asked, and where it comes from."""
    caps, proven = policy.caps, cases.thresholds
    if proven is None or ask_floor(policy, proven) == caps.ask_above_unproven:
        return (
            f"caps.ask_above_unproven {caps.ask_above_unproven:g} (training has proven no bar "
            f"{'yet' if proven is None else 'below it'})"
        )
    if ask_floor(policy, proven) == proven.expected_above:
        return (
            f"the bar {proven.expected_above:.3g} that training expects to keep caps.honest_share "
            f"{caps.honest_share:g}"
        )
    if proven.ask_above > caps.ask_above and not cases.at_floor:
        return (
            f"the bar {proven.ask_above:.3g} that training proved for caps.honest_share "
            f"{caps.honest_share:g}"
        )
    passed = " (training proved every bar above it)" if cases.at_floor else ""
    return f"caps.ask_above {caps.ask_above:g}{passed}"


def _without_caps(policy: Policy, cases: BacktestCases) -> pd.DataFrame:
    return run(vary(policy, _NO_CAPS), replace(cases, thresholds=None), policy)


def _same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return bool((one["tier"].to_numpy() == other["tier"].to_numpy()).all())
