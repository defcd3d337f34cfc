"""What holds a policy back from the least cost is said, and why a sweep changes nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from risk.policy import Situation, Thresholds, load, vary
from training.check.backtest import BacktestCases, run
from training.check.caps_held import caps_held, unchanged

AT = (0.02, 0.12, 0.2, 0.9)
POLICY = load()


def cases(thresholds: Thresholds | None) -> BacktestCases:
    """Four requests of 600 for damaged goods; the last two are abusive."""
    situations = [
        Situation(
            type="refund_only", reason_code="damaged", amount=600_0000, currency="CNY",
            requested_at=0, as_of=0, probability=p,
        )
        for p in AT
    ]  # fmt: skip
    frame = pd.DataFrame(
        {
            "y": [0.0, 0.0, 1.0, 1.0], "weight": 1.0, "customer_id": list("abcd"),
            "type": "refund_only", "reason_code": "damaged", "channel": "shop",
        }
    )  # fmt: skip
    return BacktestCases(situations, {"standard": np.array(AT)}, frame, thresholds)


@pytest.mark.parametrize(
    ("thresholds", "floor"),
    [
        (None, "caps.ask_above_unproven 0.25"),
        (Thresholds(0.15), "the bar 0.15 that training proved for caps.honest_share 0.05"),
        (
            Thresholds(1.0, None, 0.3),
            "the bar 0.3 that training expects to keep caps.honest_share 0.05",
        ),
        (
            Thresholds(1.0, None, 0.05),
            "caps.ask_above_unproven 0.25 (training has proven no bar below it)",
        ),
    ],
)
def test_the_floor_that_holds_is_named_with_what_it_costs(
    thresholds: Thresholds | None, floor: str
) -> None:
    known = cases(thresholds)
    said = caps_held(vary(POLICY, {"costs.gives_up": 20.0}), known, run(POLICY, known))
    assert floor in said
    assert "of abusive money would be stopped" in said
    assert "of 4 requests are answered milder" in said


def test_a_floor_that_held_the_proof_is_named_and_not_the_proof() -> None:
    known = replace(cases(Thresholds(0.15)), at_floor=True)
    said = caps_held(vary(POLICY, {"costs.gives_up": 20.0}), known, run(POLICY, known))
    assert "held by caps.ask_above 0.1 (training proved every bar above it)" in said


def test_a_cap_on_people_is_named_where_it_holds() -> None:
    known = cases(Thresholds(0.0))
    strict = vary(POLICY, {"caps.ask_above": 0.0, "caps.person_above": 0.95})
    said = caps_held(strict, known, run(strict, known))
    assert "held by caps.person_above 0.95 (after an answer caps.person_after_answer 0.45)" in said
    both = vary(strict, {"caps.ask_above": 0.15})
    said = caps_held(both, known, run(both, known))
    assert "caps.ask_above 0.15 (1) and caps.person_above 0.95" in said


def test_where_nothing_is_held_that_is_said() -> None:
    none = dict.fromkeys(
        ("caps.ask_above", "caps.person_above", "caps.person_after_answer"), 0.0
    ) | {"caps.ask_above_unproven": 0.0}
    free, known = vary(POLICY, none), cases(None)
    assert caps_held(free, known, run(free, known)).startswith("no cap holds anybody back")


def test_a_sweep_that_changes_nothing_says_why() -> None:
    known = cases(None)
    swept = {"costs.asked=3.9": vary(POLICY, {"costs.asked": 3.9})}
    found = {"base": run(POLICY, known)} | {n: run(p, known) for n, p in swept.items()}
    [said] = unchanged(swept, known, found, "base")
    assert said.startswith("costs.asked=3.9 changes no answer: caps.ask_above_unproven 0.25")


def test_those_held_by_their_groups_bar_are_counted() -> None:
    known = cases(Thresholds(0.1, None, None, {"household": 0.5}))
    family = replace(known, cases=[replace(one, groups=("household",)) for one in known.cases])
    said = [caps_held(POLICY, one, run(POLICY, one)) for one in (known, family)]
    assert "of their group" not in said[0]
    assert "by the bar of their group: household 0.5)" in said[1]
