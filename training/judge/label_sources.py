"""Whether the findings of one merchant bend what a model learns: who says what was found is a party
to it, and a merchant that calls its customers frauds would teach that to all.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from scipy.stats import binom

from training.judge.gate_result import GateCheck

MIN_MERCHANTS = 5
"""Among fewer a merchant with many findings is no exception."""
SHARE = 0.25
"""From such a share of all findings of abuse on, one merchant decides what abuse looks like."""
TIMES = 3.0
"""So many times as often as the others a merchant finds abuse before it is named."""
CHANCE = 0.001
"""How likely it may be, over all merchants, that chance alone names one."""


@dataclass(frozen=True, slots=True)
class OddMerchant:
    """A merchant whose findings stand out: `found` abusive of `labelled`; `share` of all that were
    found abusive, `elsewhere` how often the others find it."""

    name: str
    found: int
    labelled: int
    share: float
    elsewhere: float

    @property
    def zh(self) -> str:
        """The same in Chinese."""
        return (
            f"商家{self.name}占全部滥用认定的{self.share:.0%}：其{self.labelled}项认定中有"
            f"{self.found}项，其他商家为{self.elsewhere:.1%}"
        )

    def __str__(self) -> str:
        return (
            f"{self.share:.0%} of all findings of abuse are of merchant {self.name}: {self.found} "
            f"of {self.labelled} of its findings, {self.elsewhere:.1%} of the others'"
        )


def check_label_sources(frame: pd.DataFrame) -> GateCheck:
    """Check that no single merchant decides what abuse looks like, by findings unlike the
    others'."""
    odd = odd_merchants(frame)
    why = "; ".join(map(str, odd)) or "no merchant's findings stand out"
    return GateCheck("label sources", not odd, why)


def odd_merchants(frame: pd.DataFrame) -> list[OddMerchant]:
    """The merchants whose findings stand out among the labelled requests of `frame` (`y`, `stage`,
    `merchant_id`), those with the most first."""
    if "merchant_id" not in frame:
        return []
    labelled = frame[(frame["stage"] == "request") & frame["y"].notna()]
    abusive = labelled.assign(found=labelled["y"] >= 0.5)
    by_merchant = abusive.groupby("merchant_id")["found"].agg(["sum", "size"])
    if len(by_merchant) < MIN_MERCHANTS or not by_merchant["sum"].sum():
        return []
    total = by_merchant.sum()
    named = []
    for name, found, size in by_merchant.itertuples():
        one = OddMerchant(
            str(name), int(found), int(size), found / total["sum"],
            max(total["sum"] - found, 1) / max(total["size"] - size, 1),
        )  # fmt: skip
        if _stands_out(one, len(by_merchant)):
            named.append(one)
    return sorted(named, key=lambda one: -one.found)


def _stands_out(one: OddMerchant, merchants: int) -> bool:
    chance = float(binom.sf(one.found - 1, one.labelled, one.elsewhere))
    often = one.found >= TIMES * one.elsewhere * one.labelled
    return one.share >= SHARE and often and chance * merchants < CHANCE
