"""Random histories about the money of few orders: many requests on each, answered in every way."""

from __future__ import annotations

from dataclasses import dataclass

import hypothesis.strategies as st

from tests.worlds import Chooser, Fact, Maker, Shape, World, make

RESOLUTIONS = (None, "refunded", "partly_refunded", "refused", "exchanged", "withdrawn")
GRANTS = (None, None, "0", "5", "7.4321", "33.33", "98", "300")
PRICES = ("0", "9.9", "33.33", "33.34", "98", "99.5", "250", "0.0001", "999999999999.99")


@dataclass(frozen=True)
class FewOrders(Shape):
    """A history whose requests meet on a few orders."""

    @property
    def orders(self) -> int:
        return max(1, self.facts // 24)


class MoneyMaker(Maker):
    """Makes facts as `Maker` does, with more kinds of amounts and answers."""

    def order(self) -> Fact:
        of = self.of
        return {**super().order(), "amount": of.pick(PRICES),
                "currency": of.pick(("CNY", "CNY", "CNY", "CNY", "USD"))}  # fmt: skip

    def refund(self, number: int) -> Fact:
        of, parts = self.of, ("0", "5", None)
        return {**super().refund(number), "line_id": of.pick((None, "1", "2", "2", "9")),
                "amount": of.pick(("10", "33.33", "98", "250", "16.6667", "900000000000")),
                "postage": of.pick(parts), "compensation": of.pick(parts),
                "state": of.pick(("open", "open", "open", "withdrawn"))}  # fmt: skip

    def outcome(self) -> Fact:
        of = self.of
        return {**super().outcome(), "resolution": of.pick(RESOLUTIONS),
                "amount": of.pick(GRANTS)}  # fmt: skip


def money_history(chooser: Chooser, facts: int, steps: int, revised: int = 4) -> World:
    """A history of about so many facts, on a grid of so many moments."""
    shape = FewOrders(facts=facts, customers=2, steps=steps, revised=revised)
    return make(chooser, shape, MoneyMaker)


@st.composite
def money_histories(draw: st.DrawFn) -> World:
    """A small history that hypothesis can shrink."""
    chooser = Chooser(lambda n: draw(st.integers(0, n - 1)))
    return money_history(chooser, draw(st.integers(8, 40)), draw(st.sampled_from((2, 6, 40))))
