"""How strongly each sign of abuse shows in a world: drawn anew for each world, sometimes reversed.

A strength of 1 is the usual one, 0 makes no difference between false and honest requests, and below
0 the sign points the other way: a model must learn what holds over many worlds. No published figure
gives these strengths; the ranges are assumed and stand here alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from training.simulate.random_draws import stream_generator

STREAM = 6


@dataclass(frozen=True, slots=True)
class Signal:
    """A sign of abuse: its range of strengths, the share of worlds in which it is reversed."""

    says: str
    low: float
    high: float
    reversed: float


SIGNALS: Mapping[str, Signal] = {
    "vague": Signal("texts say less than the claim needs", 0.6, 1.6, 0.08),
    "declines": Signal("proof that was asked for is expressly refused", 0.5, 1.5, 0.08),
    "reuses": Signal("pictures were used before", 0.6, 1.5, 0.0),
    "contradicts": Signal("texts contradict the stated reason", 0.5, 1.5, 0.0),
}


def draw_signals(seed: int, given: Mapping[str, float]) -> dict[str, float]:
    """The strength of each signal in the world of a seed; those in `given` are as given."""
    rng = stream_generator(seed, STREAM)
    drawn = {}
    for name, signal in SIGNALS.items():
        strength, turned = float(rng.uniform(signal.low, signal.high)), rng.random()
        drawn[name] = -0.5 * strength if turned < signal.reversed else strength
    return {**drawn, **given}
