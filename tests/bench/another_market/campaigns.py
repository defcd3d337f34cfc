"""Who abuses when: the campaigns that follow from the schemes, planned order by order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tests.bench.another_market.draws import Rng, chance, hexes, pick
from tests.bench.another_market.market import CATEGORIES, Market
from tests.bench.another_market.schemes import SCHEMES, Scheme


@dataclass(frozen=True)
class Plan:
    """One order that is bought in order to be claimed (or, groomed, to look honest)."""

    customer: int
    sku: int
    quantity: int
    placed: float
    scheme: Scheme
    reason: str
    type: str
    back: str
    skill: float
    campaign: int
    positive: bool = True
    device: str = ""
    address: str = ""
    payment: str = ""
    payout: str = ""

    def using(self, own: Mapping[str, str]) -> Plan:
        """The plan with other identities than the customer's own."""
        return replace(
            self,
            device=own.get("device", ""),
            address=own.get("address", ""),
            payment=own.get("payment", ""),
            payout=own.get("payout", ""),
        )


class Campaigns:
    """Draws campaigns until the wanted number of abusive requests is planned."""

    def __init__(
        self, rng: Rng, people: pd.DataFrame, market: Market, shells: int, days: int
    ) -> None:
        self.rng, self.people, self.market, self.days = rng, people, market, days
        ordinary = len(people) - shells
        self.tempted = ((1.02 - people["honesty"].to_numpy()[:ordinary]) ** 3) * (
            people["group"].to_numpy()[:ordinary] == ""
        )
        self.tempted = self.tempted / self.tempted.sum()
        self.shells, self.next_shell, self.ordinary = shells, 0, ordinary
        self.skus = {
            name: self._skus(name) for name in ("any", "low", "high", "worn", "brand", "bundle")
        }

    def plan(self, wanted: int) -> list[Plan]:
        """Plans with the wanted number of positives."""
        plans: list[Plan] = []
        positives, number = 0, 0
        chances = {s.name: s.weight / (s.cases * sum(s.accounts) / 2) for s in SCHEMES}
        named = {s.name: s for s in SCHEMES}
        while positives < wanted:
            scheme = named[pick(self.rng, chances)]
            grown = self.rng.random() ** (1 / scheme.growth)
            start = float(self.days * (0.02 + 0.93 * grown))
            for plan in self._campaign(scheme, start, number):
                if positives < wanted:
                    plans.append(plan)
                    positives += plan.positive
            number += 1
        return plans

    def _campaign(self, scheme: Scheme, start: float, number: int) -> list[Plan]:
        rng = self.rng
        accounts = int(rng.integers(scheme.accounts[0], scheme.accounts[1] + 1))
        skill = float(rng.beta(6 * scheme.skill, 6 * (1 - scheme.skill)))
        members = [self._account(scheme, start) for _ in range(accounts)]
        shared = self._shared(scheme, members[0], skill)
        one_sku = self._sku(scheme) if chance(rng, 0.5 if "copied" in scheme.signs else 0.1) else -1
        plans: list[Plan] = []
        day = start
        for member in members:
            if "hopping" not in scheme.signs:
                day = start + float(rng.exponential(6)) * (accounts > 1)
            else:
                self.people.loc[member, "created"] = day - float(rng.uniform(0.5, 9))
            own = {name: value for name, value in shared.items() if chance(rng, 0.85 - 0.4 * skill)}
            if "groomed" in scheme.signs:
                plans += self._grooming(scheme, member, day - 60, skill, number, own)
            for _ in range(int(rng.geometric(1 / scheme.cases))):
                if day >= self.days - 1:
                    break
                sku = one_sku if one_sku >= 0 else self._sku(scheme)
                quantity = (
                    int(rng.integers(4, 16))
                    if "whole" in scheme.signs
                    else 1 + int(chance(rng, 0.12)) * int(rng.integers(1, 4))
                )
                plans.append(
                    Plan(
                        member,
                        sku,
                        quantity,
                        day,
                        scheme,
                        pick(rng, scheme.reasons),
                        pick(rng, scheme.types),
                        pick(rng, scheme.back),
                        skill,
                        number,
                    ).using(own)
                )
                day += float(rng.exponential(6 + 22 * skill)) + 0.05
            day += float(rng.uniform(8, 25)) if "hopping" in scheme.signs else 0.0
        return plans

    def _grooming(
        self,
        scheme: Scheme,
        member: int,
        start: float,
        skill: float,
        number: int,
        own: dict[str, str],
    ) -> list[Plan]:
        """Cheap purchases honestly returned, so that later claims meet a good history."""
        honest = replace(scheme, signs=frozenset({"grooming"}))
        days = [
            max(0.1, start + float(d))
            for d in np.sort(self.rng.uniform(0, 50, int(self.rng.integers(2, 5))))
        ]
        low = self.skus["low"]
        return [
            Plan(
                member,
                int(self.rng.choice(low)),
                1,
                d,
                honest,
                "unwanted",
                "return_and_refund",
                "as_sent",
                skill,
                number,
                positive=False,
            ).using(own)
            for d in days
        ]

    def _account(self, scheme: Scheme, start: float) -> int:
        """A customer for the campaign: of the tempted for lone schemes, else a made or aged
        account."""
        if scheme.accounts[1] == 1:
            member = int(self.rng.choice(self.ordinary, p=self.tempted))
        else:
            member = self.ordinary + self.next_shell % self.shells
            self.next_shell += 1
            if chance(self.rng, 0.6):
                self.people.loc[member, "created"] = start - float(self.rng.exponential(25)) - 1.0
        latest = start - 0.5 if "takeover" not in scheme.signs else start - 200
        self.people.loc[member, "created"] = min(
            float(self.people["created"].to_numpy(dtype=float)[member]), latest
        )
        return member

    def _shared(self, scheme: Scheme, first: int, skill: float) -> dict[str, str]:
        rng, person = self.rng, self.people.loc[first]
        if "takeover" in scheme.signs:
            return {
                "device": str(hexes(rng, 1, 32)[0]),
                "payout": f"acct_{hexes(rng, 1, 18)[0]}",
                "address": str(self.people.loc[int(rng.integers(self.ordinary)), "address"]),
            }
        if "shared" not in scheme.signs:
            return {}
        names = [
            n
            for n in ("device", "address", "payment", "payout")
            if chance(rng, 0.75 - 0.35 * skill)
        ] or ["payout"]
        return {name: str(person[name]) for name in names}

    def _skus(self, price: str) -> np.ndarray:
        skus = self.market.skus
        kinds = np.array([c.name for c in CATEGORIES])[skus["kind"].to_numpy()]
        cost = skus["price"].to_numpy()
        tests = {
            "any": cost > 0,
            "low": (cost > 15) & (cost < 140),
            "high": cost > 180,
            "bundle": skus["pieces"].to_numpy() > 1,
            "worn": np.isin(kinds, ["apparel", "shoes", "electronics", "jewellery"]),
            "brand": np.isin(kinds, ["cosmetics", "shoes", "jewellery", "electronics"]),
        }
        return np.flatnonzero(tests[price])

    def _sku(self, scheme: Scheme) -> int:
        choices = self.skus[scheme.price]
        if "collusion" in scheme.signs:
            temper = self.market.merchants["temper"].to_numpy()[
                self.market.skus["merchant"].to_numpy()
            ]
            choices = np.flatnonzero(temper == "colluding")
        popular = self.market.skus["popularity"].to_numpy()[choices] ** 0.5
        return int(self.rng.choice(choices, p=popular / popular.sum()))
