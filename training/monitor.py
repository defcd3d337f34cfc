"""How the model in service is doing: drift, calibration, friction, and whether it saw the truth.

Drift compares the last 30 days with the year before by the population stability index (PSI,
Siddiqi 2006, "Credit Risk Scorecards": below 0.1 stable, above 0.25 look into it).
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import sqlalchemy as sa
from matplotlib.figure import Figure

from risk.errors import NotFound
from risk.features.spec import DAY_MS
from risk.history import models
from risk.history.connect import now_ms
from risk.history.schema import decisions
from risk.history.store import History
from risk.model import Bundle
from risk.policy import Policy
from risk.render import iso
from training import plots
from training.fit import probabilities
from training.replay import Difference, replay
from training.train import dataset

RECENT_DAYS = 30
REFERENCE_DAYS = 365
BINS = 10
LOOK_INTO = 0.25
FEWEST = 50
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What `monitor` found. `drift` is PSI by feature, worst first; `calibration` one row a month.

    `served` counts decisions made again, `differences` those that came out otherwise.
    """

    version: str
    score_drift: float
    drift: pd.Series
    calibration: pd.DataFrame
    tiers: pd.DataFrame
    served: int
    differences: Sequence[Difference]

    def lines(self) -> list[str]:
        """The report in a few lines."""
        worst = self.drift[self.drift > LOOK_INTO]
        return [
            f"champion: version {self.version}",
            f"score drift: PSI {self.score_drift:.3f} over the last {RECENT_DAYS} days",
            f"feature drift: {len(worst)} of {len(self.drift)} features above {LOOK_INTO}"
            + "".join(f"\n  {name}: {value:.2f}" for name, value in worst.head(10).items()),
            *(
                f"calibration {row.month}: {row.observed:.0f} found for {row.expected:.1f} foretold"
                f" among {row.labelled} labelled"
                for row in self.calibration.itertuples()
            ),
            f"served against recomputed: {self.served:,} decisions, "
            f"{len(self.differences):,} differences",
        ]


def monitor(history: History, policy: Policy, tell: Progress) -> Report:
    """Measure the champion on what is stored. Raises NotFound without a champion."""
    bundle, version = _champion(history)
    data = dataset(history, policy, tell)
    first = data.frame[data.frame["stage"] == "request"].reset_index(drop=True)
    scores = probabilities(bundle, first)
    until = int(first["requested_at"].max())
    recent = (first["requested_at"] > until - RECENT_DAYS * DAY_MS).to_numpy()
    before = ~recent & (first["requested_at"] > until - REFERENCE_DAYS * DAY_MS).to_numpy()
    used = [name for name in bundle.features if name in first]
    drift = pd.Series(
        {name: psi(first[name].to_numpy()[before], first[name].to_numpy()[recent]) for name in used}
    ).sort_values(ascending=False)
    served, differences = replay(history, tell)
    return Report(
        version=version,
        score_drift=psi(scores[before], scores[recent]),
        drift=drift,
        calibration=calibration(first, scores),
        tiers=tiers_by_day(history),
        served=served,
        differences=differences,
    )


def _champion(history: History) -> tuple[Bundle, str]:
    with history.read() as connection:
        published = models.newest(connection, "champion")
        if published is None:
            raise NotFound("no model has been promoted yet")
        return Bundle.load(models.content(connection, published)), published.version


def psi(before: np.ndarray, after: np.ndarray, bins: int = BINS) -> float:
    """Population stability index of two samples over quantile bins of the first; NaN is a bin."""
    known = before[~np.isnan(before)]
    if len(before) < FEWEST or len(after) < FEWEST:
        return float("nan")
    edges = np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1])) if len(known) else []
    shares = [_shares(values, np.asarray(edges)) for values in (before, after)]
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())


def _shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    unknown = np.isnan(values)
    counts = np.bincount(
        np.searchsorted(edges, values[~unknown], "right"), minlength=len(edges) + 1
    )
    counted = np.append(counts, unknown.sum()) + 0.5
    return counted / counted.sum()


def calibration(first: pd.DataFrame, scores: np.ndarray) -> pd.DataFrame:
    """Findings against the sum of probabilities, by the month of the request."""
    rows = first.assign(expected=scores)[first["y"].notna()]
    month = pd.to_datetime(rows["requested_at"], unit="ms").dt.strftime("%Y-%m")
    grouped = rows.groupby(month)
    found = grouped.agg(labelled=("y", "size"), observed=("y", "sum"), expected=("expected", "sum"))
    return found.rename_axis("month").reset_index().tail(12)


def tiers_by_day(history: History) -> pd.DataFrame:
    """How many decisions of each tier were made each day."""
    query = sa.select(decisions.c.decided_at, decisions.c.tier)
    with history.read() as connection:
        rows = pd.DataFrame(connection.execute(query).all(), columns=["decided_at", "tier"])
    if rows.empty:
        return pd.DataFrame()
    day = pd.to_datetime(rows["decided_at"], unit="ms").dt.strftime("%Y-%m-%d")
    return rows.groupby([day.rename("day"), "tier"]).size().unstack(fill_value=0)


def write_html(report: Report, path: Path) -> None:
    """One file with its pictures in it, to send on."""
    pictures: Mapping[str, Figure] = {
        "Feature drift": plots.bars(report.drift.dropna().head(15), "PSI of the last 30 days"),
        "Calibration by month": plots.found_and_foretold(report.calibration),
    }
    parts = [f"<h2>{html.escape(title)}</h2>{_picture(one)}" for title, one in pictures.items()]
    said = "".join(f"<p>{html.escape(line)}</p>" for line in report.lines())
    differing = "".join(f"<li>{html.escape(str(one))}</li>" for one in report.differences[:100])
    path.write_text(
        "<!doctype html><html lang=en><meta charset=utf-8><title>refund-risk monitor</title>"
        "<style>body{font:16px/1.5 system-ui;max-width:52rem;margin:3rem auto;padding:0 1rem}"
        "img{max-width:100%}</style><h1>refund-risk</h1>"
        f"<p>{iso(now_ms())}</p>{said}<ul>{differing}</ul>{''.join(parts)}",
        encoding="utf-8",
    )


def _picture(figure: Figure) -> str:
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=110)
    return f'<img alt="" src="data:image/png;base64,{base64.b64encode(drawn.getvalue()).decode()}">'
