"""Signs of abuse point the way people of the trade know, in the mean over worlds."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.simulate import WorldSettings, simulate
from training.simulate.lifts import Lift, signal_lifts
from training.simulate.signals import SIGNALS, draw_signals

USUAL = dict.fromkeys(SIGNALS, 1.0)


def lifts(folder: Path, seed: int, signals: dict[str, float]) -> dict[str, Lift]:
    out = folder / "world"
    simulate(out, refunds=6_000, seed=seed, orders_per_request=3.0, signals=signals)
    return {lift.sign: lift for lift in signal_lifts(out)}


def test_signs_of_the_trade_and_no_others(tmp_path: Path) -> None:
    for lift in lifts(tmp_path, 11, USUAL).values():
        ratio = lift.false_with / lift.false_without
        if lift.expected == "more":
            assert ratio > 1.2, lift
        elif lift.requests > 500:
            assert 0.75 < ratio < 1.33, lift


def test_a_sign_may_be_reversed(tmp_path: Path) -> None:
    found = lifts(tmp_path, 11, {**USUAL, "vague": -1.0, "declines": -1.0})
    for sign in ("text says less than half of them", "proof asked for was refused"):
        assert found[sign].false_with < found[sign].false_without, found[sign]


def test_each_world_draws_its_own_strengths_within_their_ranges() -> None:
    drawn = [draw_signals(seed, {}) for seed in range(300)]
    assert draw_signals(7, {}) == drawn[7]
    for name, signal in SIGNALS.items():
        strengths = [one[name] for one in drawn]
        usual = [strength for strength in strengths if strength > 0]
        assert all(signal.low <= strength <= signal.high for strength in usual)
        turned = 1 - len(usual) / len(strengths)
        assert turned <= 2.2 * signal.reversed
        assert (turned > 0) == (signal.reversed > 0)


def test_given_strengths_stand_and_unknown_ones_are_refused() -> None:
    assert WorldSettings(signals={"vague": 0.25}).strengths["vague"] == 0.25
    with pytest.raises(ValueError, match="signals must be among vague"):
        WorldSettings(signals={"wordy": 1.0})
    with pytest.raises(ValueError, match="between -2 and 2"):
        WorldSettings(signals={"vague": 3.0})
