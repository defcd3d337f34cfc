"""What becomes of a random history: later revisions of its facts, and retractions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from risk.facts import KINDS
from risk.facts.fact_keys import key_text

Fact = dict[str, Any]
World = dict[str, list[Fact]]
T = TypeVar("T")
NUMBERS = ((2,), (3,), (2, 3), (2, 5, 6), ())
"""The later revisions of a fact: some skip numbers."""

EARLIEST = 1_767_225_600_000
HOUR = 3_600_000


class Dice(Protocol):
    """Where randomness comes from."""

    @property
    def below(self) -> Callable[[int], int]: ...

    def pick(self, pool: Sequence[T]) -> T: ...


def revise(
    dice: Dice, world: World, makers: Mapping[str, Callable[[], Fact]], one_in: int,
    later: tuple[int, int],
) -> World:  # fmt: skip
    """The history with one fact in so many corrected or taken back, and a retraction of nothing.

    Corrections become known early, late or at once, up to `later` (a step in ms, so many steps)
    after the fact. `makers` make another fact of a kind.
    """
    back = [_retraction(dice, "orders", {"order_id": "-"}, later)]
    revised: World = {kind: list(facts) for kind, facts in world.items()}
    for kind, facts in world.items():
        for fact in facts:
            if dice.below(one_in) == 0:
                revised[kind] += [
                    _corrected(dice, makers[kind](), kind, fact, number, later)
                    for number in dice.pick(NUMBERS)
                ]
            if dice.below(2 * one_in) == 0:
                back += [
                    _retraction(dice, kind, fact, later) for _ in range(dice.pick((1, 1, 1, 2)))
                ]
    return {**revised, "retractions": back}


def _corrected(
    dice: Dice, new: Fact, kind: str, old: Fact, number: int, later: tuple[int, int]
) -> Fact:
    """Another fact under the same key, which becomes known at any time, mostly later."""
    definition = KINDS[kind]
    changed = new if dice.below(2) else {**new, **{n: old[n] for n in old if dice.below(3)}}
    changed = {**changed, **{name: old.get(name) for name in definition.key}, "revision": number}
    event = changed[definition.event_time] = min(old["known_at"], changed[definition.event_time])
    if changed.get("asked_at"):
        changed["asked_at"] = min(changed["asked_at"], event)
    if kind == "evidence":
        changed |= {name: old[name] for name in ("refund_id", "order_id")}
        if dice.below(2) and new["refund_id"] and old["refund_id"]:
            changed["refund_id"] = new["refund_id"]
    at = old["known_at"] + later[0] * dice.below(later[1]) * dice.below(2)
    return {**changed, "known_at": max(event, dice.pick((at, at, at, event)))}


def _retraction(dice: Dice, kind: str, fact: Fact, later: tuple[int, int]) -> Fact:
    definition = KINDS[kind]
    known_at = fact.get("known_at", EARLIEST)
    at = max(EARLIEST, known_at + later[0] * dice.below(later[1]) * dice.pick((1, 1, 0, -1)))
    return {
        "kind": kind,
        "key": key_text(definition, {name: fact.get(name) for name in definition.key}),
        "retracted_at": at - HOUR * dice.below(3),
        "known_at": at, "reason": "typo", "revision": dice.pick((None, None, 1, 2)),
    }  # fmt: skip
