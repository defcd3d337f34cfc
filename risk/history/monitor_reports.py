"""Stored reports of the monitor: on the champion, and the challenger compared with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from risk.facts.localised import LANGUAGES, LocalisedText
from risk.history import published_models
from risk.history.connection.connect import Write
from risk.history.schema.schema_models import reports

COMPARISON, CHAMPION_REPORT = "comparison", "watch"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class MeasureComparison:
    """One measure of both models on the same decisions; `difference` is challenger − champion.

    `name` is `honest_bothered` (share of honest requests whose customer is bothered),
    `honest_waiting` (share that only waits for shop or courier), `abuse_stopped` (share of the
    money of abusive requests not approved), `auc` or `log_loss` (nats).
    """

    name: str
    champion: Estimate
    challenger: Estimate
    difference: Estimate

    @property
    def better(self) -> str:
        """`champion` or `challenger` where the difference is significant, else empty."""
        if not self.difference.sure:
            return ""
        more_is_better = self.name in ("abuse_stopped", "auc")
        return "challenger" if (self.difference.value > 0) == more_is_better else "champion"


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """Champion and challenger over the `decisions` made in `[since, until]` (ms).

    `tiers` counts decisions by the champion's tier, then the challenger's. `labelled` requests,
    `abusive` of them, have an outcome that neither model was trained on: `measures` are over
    those, and empty where there are too few.
    """

    champion: str
    challenger: str
    since: int
    until: int
    decisions: int
    moved: float
    tiers: Mapping[str, Mapping[str, int]]
    labelled: int
    abusive: int
    measures: Sequence[MeasureComparison]
    made_at: int = 0

    @property
    def same_tier(self) -> int:
        """How many decisions have the same tier under both models."""
        return sum(found.get(tier, 0) for tier, found in self.tiers.items())


@dataclass(frozen=True, slots=True)
class ChampionReport:
    """The health of the champion `version`: numbers by name, alarms and notes, worst first. Those
    stored by earlier releases were in English alone."""

    version: str
    numbers: Mapping[str, float]
    alarms: Sequence[LocalisedText]
    notes: Sequence[LocalisedText]
    made_at: int = 0


def store_report(write: Write, report: ModelComparison | ChampionReport) -> None:
    """Add a report; the newest of its kind is shown."""
    kind = COMPARISON if isinstance(report, ModelComparison) else CHAMPION_REPORT
    body = orjson.dumps(asdict(report)).decode()
    write.connection.execute(sa.insert(reports).values(kind=kind, made_at=write.at, body=body))


def newest_comparison(connection: sa.Connection) -> ModelComparison | None:
    """The newest comparison of the present champion and challenger; None where there is none."""
    found = _newest(connection, COMPARISON)
    rival, champion = (
        published_models.challenger(connection),
        published_models.newest(connection, "champion"),
    )
    if found is None or rival is None or champion is None:
        return None
    if (found["champion"], found["challenger"]) != (champion.version, rival.version):
        return None
    measures = [
        MeasureComparison(
            one["name"], *(_estimate(one[who]) for who in ("champion", "challenger", "difference"))
        )
        for one in found["measures"]
    ]
    return ModelComparison(**{**found, "measures": measures})


def newest_champion_report(connection: sa.Connection) -> ChampionReport | None:
    """The newest report on the present champion; None where there is none."""
    found = _newest(connection, CHAMPION_REPORT)
    champion = published_models.newest(connection, "champion")
    if found is None or champion is None or found["version"] != champion.version:
        return None
    told = {name: [_localised(one) for one in found[name]] for name in ("alarms", "notes")}
    return ChampionReport(**{**found, **told})


def _localised(sentence: str | LocalisedText) -> LocalisedText:
    return dict.fromkeys(LANGUAGES, sentence) if isinstance(sentence, str) else sentence


def _estimate(stored: Mapping[str, float | None]) -> Estimate:
    """JSON has no NaN: null stands for it."""
    return Estimate(**{name: float("nan") if v is None else v for name, v in stored.items()})


def _newest(connection: sa.Connection, kind: str) -> dict[str, Any] | None:
    query = (
        sa.select(reports.c.made_at, reports.c.body)
        .where(reports.c.kind == kind)
        .order_by(reports.c.made_at.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else {**orjson.loads(row.body), "made_at": row.made_at}
