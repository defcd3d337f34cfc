"""The parameters of a simulated marketplace, validated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType

from risk.facts.units import DAY_MS
from training.simulate.schemes import SCHEME_NAMES
from training.simulate.signals import SIGNALS, draw_signals

SHANGHAI = timezone(timedelta(hours=8))

# Shares of honest requests by cause. Among those that owe a reason: quality 45 %, logistics 30 %,
# wrong or missing goods 15 %, disputes 10 %; the rest is the seven-day right.
CAUSES: Mapping[str, float] = MappingProxyType(
    {
        "defective": 0.155,
        "damaged": 0.115,
        "not_as_described": 0.110,
        "late": 0.118,
        "not_received": 0.140,
        "wrong_item": 0.050,
        "missing_item": 0.077,
        "counterfeit": 0.025,
        "double_charge": 0.025,
        "other": 0.035,
        "unwanted": 0.150,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldSettings:
    """Parameters of a simulated world.

    `prevalence` is the share of requests that are abusive, `difficulty` (0 to 1) how well abusers
    hide, `mix` the relative number of requests by scheme, `held_back` the day before which a
    scheme does not occur, `label_share` the share of requests that end with a label by the
    contract's rule, `audit_share` the share of the random audit, `label_noise` a factor on the rate
    of wrong verdicts, `signals` the strength of signs of abuse where the world does not draw it
    (`training.simulate.signals`). Raises ValueError for values that make no world.
    """

    refunds: int = 2000
    seed: int = 0
    prevalence: float = 0.08
    difficulty: float = 0.5
    mix: Mapping[str, float] = field(default_factory=dict)
    causes: Mapping[str, float] = field(default_factory=lambda: CAUSES)
    held_back: Mapping[str, date] = field(default_factory=dict)
    label_share: float = 0.35
    audit_share: float = 0.02
    label_noise: float = 1.0
    western_share: float = 0.15
    orders_per_request: float = 10.0
    signals: Mapping[str, float] = field(default_factory=dict)
    start: date = date(2025, 3, 1)
    days: int = 365

    def __post_init__(self) -> None:
        shares = ("prevalence", "difficulty", "label_share", "audit_share", "western_share")
        weights = (*self.mix.values(), *self.causes.values())
        demands = {
            "refunds must be at least 1": self.refunds >= 1,
            "seed must not be negative": self.seed >= 0,
            "orders_per_request must be at least 3": self.orders_per_request >= 3,
            "days must be at least 60": self.days >= 60,
            "prevalence must be at most 0.6": self.prevalence <= 0.6,
            "label_noise must not be negative": self.label_noise >= 0,
            f"causes must be among {', '.join(CAUSES)}": set(self.causes) <= set(CAUSES),
            f"schemes must be among {', '.join(SCHEME_NAMES)}": (
                (set(self.mix) | set(self.held_back)) <= set(SCHEME_NAMES)
            ),
            f"signals must be among {', '.join(SIGNALS)}": set(self.signals) <= set(SIGNALS),
            "signals must lie between -2 and 2": all(
                abs(strength) <= 2 for strength in self.signals.values()
            ),
            "weights must not be negative": min(weights) >= 0,
            "some weight must be above zero": (
                sum(self.causes.values()) > 0 and (not self.mix or sum(self.mix.values()) > 0)
            ),
        }
        demands |= {f"{name} must lie between 0 and 1": 0 <= getattr(self, name) <= 1
                    for name in shares}  # fmt: skip
        for demand, met in demands.items():
            if not met:
                raise ValueError(demand)

    @property
    def strengths(self) -> dict[str, float]:
        """The strength of each sign of abuse in this world."""
        return draw_signals(self.seed, self.signals)

    @property
    def start_ms(self) -> int:
        """Midnight in Shanghai of the first day, in milliseconds."""
        return midnight_ms(self.start)

    @property
    def end_ms(self) -> int:
        """The end of the export, in milliseconds: nothing later is in it."""
        return self.start_ms + self.days * DAY_MS


def midnight_ms(day: date) -> int:
    """Midnight in Shanghai of a day, in milliseconds since the epoch."""
    return int(datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).timestamp() * 1000)
