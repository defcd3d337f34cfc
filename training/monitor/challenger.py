"""Champion against challenger: on the same stored decisions, and on what became of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import sqlalchemy as sa

from risk.decisions import challenger_answers
from risk.decisions.champion import Models
from risk.history.monitor_reports import Estimate, MeasureComparison, ModelComparison
from risk.history.published_models import Published
from risk.history.store import History
from risk.model import Bundle
from risk.policy import TIERS
from training.cases.dataset import Dataset
from training.check.shadow import answer
from training.judge.metrics import (
    MAX_BOOTSTRAP_ROWS,
    ScoredRows,
    auc,
    bootstrap_by_customer,
    mean_log_loss,
)
from training.monitor.fresh_findings import fresh_labels
from training.progress import Progress

FEWEST = 20
DRAWS = 200
WHO = ("champion", "challenger")


def compare(history: History, data: Dataset, since: int, tell: Progress) -> ModelComparison | None:
    """Set the two side by side on every decision made since a moment (ms).

    What either did not decide itself it answers in the shadow first. None without a challenger or
    without decisions.
    """
    models = Models(history)
    champion, rival = models.newest("champion"), models.newest("challenger")
    if champion is None or rival is None:
        return None
    for published in (champion, rival):
        answer(models, published, since, tell)
    with history.read() as connection:
        rows = paired_decisions(connection, champion, rival, since)
    until = max(_trained_until(models.of(one).bundle) for one in (champion, rival))
    if rows.empty:
        return None
    found = requests(rows, fresh_labels(data, until))
    return ModelComparison(
        champion=champion.version,
        challenger=rival.version,
        since=int(rows["decided_at"].min()),
        until=int(rows["decided_at"].max()),
        decisions=len(rows),
        moved=float((rows["probability_challenger"] - rows["probability_champion"]).abs().mean()),
        tiers=_matrix(rows),
        labelled=len(found),
        abusive=int(found["y"].sum()),
        measures=measure_differences(found),
    )


def paired_decisions(
    connection: sa.Connection, champion: Published, rival: Published, since: int
) -> pd.DataFrame:
    """One row a decision both have answered: `probability_` and `tier_` of each."""
    made = pd.DataFrame(
        [(one.decision_id, one.refund_id, one.decided_at)
         for one in challenger_answers.made_since(connection, since)],
        columns=["decision_id", "refund_id", "decided_at"],
    )  # fmt: skip
    for who, published in zip(WHO, (champion, rival), strict=True):
        said = challenger_answers.answers(connection, published.digest, since)
        told = pd.DataFrame(
            [(one.decision_id, one.probability, one.tier) for one in said],
            columns=["decision_id", f"probability_{who}", f"tier_{who}"],
        )
        made = made.merge(told, on="decision_id")
    return made


def _trained_until(bundle: Bundle) -> int:
    return int(bundle.about.get("trained_until", 0))


def _matrix(rows: pd.DataFrame) -> dict[str, dict[str, int]]:
    counts = rows.groupby(["tier_champion", "tier_challenger"]).size()
    return {a: {b: int(counts.get((a, b), 0)) for b in TIERS} for a in TIERS}


def requests(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """One row a request with a fresh label: its first probabilities, and whether each model would
    have bothered its customer at any moment of its life."""
    for who in WHO:
        rows = rows.assign(**{f"bothered_{who}": rows[f"tier_{who}"] != "approve"})
    ever = {f"bothered_{who}": "max" for who in WHO}
    first = {f"probability_{who}": "first" for who in WHO}
    by_request = rows.sort_values("decided_at", kind="stable").groupby("refund_id")
    lives = by_request.agg({**ever, **first})
    return known.merge(lives, left_on="refund_id", right_index=True).reset_index(drop=True)


def measure_differences(found: pd.DataFrame) -> list[MeasureComparison]:
    """Each number of both and their difference, with intervals from whole customers drawn anew."""
    abusive = int(found["y"].sum())
    if min(abusive, len(found) - abusive) < FEWEST:
        return []
    draws = min(DRAWS, max(50, MAX_BOOTSTRAP_ROWS // len(found)))
    drawn = [
        _counted(found.iloc[rows])
        for rows in bootstrap_by_customer(found["customer_id"].to_numpy(), draws)
        if 0 < found["y"].to_numpy()[rows].sum() < len(rows)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    whole = zip(COUNTS, _counted(found), low, high, strict=True)
    return [
        MeasureComparison(
            name, *(Estimate(*map(float, one)) for one in zip(here, least, most, strict=True))
        )
        for name, here, least, most in whole
    ]


def _counted(found: pd.DataFrame) -> np.ndarray:
    """Every number (measures, 3): the champion's, the challenger's, and their difference."""
    both = np.array([[count(found, who) for who in WHO] for count in COUNTS.values()])
    return np.column_stack([both, both[:, 1] - both[:, 0]])


def honest_bothered(found: pd.DataFrame, who: str) -> float:
    """Weighted share of honest requests this model would not have approved at every moment."""
    honest = found[found["y"] < 0.5]
    return float(np.average(honest[f"bothered_{who}"], weights=honest["weight"]))


def abuse_stopped(found: pd.DataFrame, who: str) -> float:
    """Weighted share of the money of abusive requests that it would not have approved."""
    abusive = found[found["y"] >= 0.5]
    weight = abusive["weight"] * abusive["worth"]
    return float(np.average(abusive[f"bothered_{who}"], weights=weight))


def _judged(found: pd.DataFrame, who: str) -> ScoredRows:
    return ScoredRows(
        found["y"].to_numpy(),
        found[f"probability_{who}"].to_numpy(),
        found["weight"].to_numpy(),
        found["worth"].to_numpy(),
        found["customer_id"].to_numpy(),
    )


COUNTS: dict[str, Callable[[pd.DataFrame, str], float]] = {
    "honest_bothered": honest_bothered,
    "abuse_stopped": abuse_stopped,
    "auc": lambda found, who: auc(_judged(found, who)),
    "log_loss": lambda found, who: mean_log_loss(_judged(found, who)),
}
