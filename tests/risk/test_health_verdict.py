"""The verdict on the model in service: what to do, then people, then money."""

from __future__ import annotations

import pytest

from risk.history.health_verdict import MONEY_HELD, verdict
from risk.history.monitor_reports import ChampionReport

ONE = {"en": "something", "zh": "某事"}


def report(alarms: int = 0, notes: int = 0, **numbers: float) -> ChampionReport:
    return ChampionReport("1", numbers, [ONE] * alarms, [ONE] * notes)


@pytest.mark.parametrize(
    ("alarms", "notes", "said"),
    [(0, 0, "All is well."), (0, 1, "one thing is worth a look"), (1, 4, "Act now: one thing is"),
     (2, 0, "2 things are wrong")],
)  # fmt: skip
def test_it_says_first_what_to_do(alarms: int, notes: int, said: str) -> None:
    assert said in verdict(report(alarms, notes))["en"]


@pytest.mark.parametrize(
    ("low", "share", "high", "en", "zh"),
    [(0.01, 0.02, 0.04, "the promise is kept", "已兑现"),
     (0.01, 0.04, 0.09, "too few are known", "尚不能断定"),
     (0.06, 0.08, 0.09, "the promise is broken", "未兑现")],
)  # fmt: skip
def test_the_promise_is_told_by_its_interval(
    low: float, share: float, high: float, en: str, zh: str
) -> None:
    found = verdict(
        report(
            honest_bothered=share, honest_bothered_low=low, honest_bothered_high=high,
            honest_bothered_promised=0.05,
        )
    )  # fmt: skip
    assert en in found["en"]
    assert zh in found["zh"]


def test_money_is_told_where_it_is_known() -> None:
    assert "money" not in verdict(report())["en"]
    assert "63%" in verdict(ChampionReport("1", {MONEY_HELD: 0.63}, [], []))["en"]
