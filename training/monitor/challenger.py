"""Champion against challenger: tiers of the same decisions, and metrics on their labels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import sqlalchemy as sa

from risk.decisions import challenger_answers
from risk.decisions.champion import Models
from risk.decisions.log import situation_of
from risk.errors import RefundRiskError
from risk.history.monitor_reports import Estimate, MeasureComparison, ModelComparison
from risk.history.published_models import Published
from risk.history.store import History
from risk.model import Bundle
from risk.policy import TIERS, asked, bothers
from training.cases.dataset import Dataset
from training.check.shadow import answer
from training.judge.metrics import (
    MAX_BOOTSTRAP_ROWS,
    ScoredRows,
    auc,
    bootstrap_by_customer,
    mean_log_loss,
)
from training.monitor.fresh_findings import unseen_labels
from training.progress import Progress

MIN_CLASS = 20
DRAWS = 200
ROLES = ("champion", "challenger")


def compare_with_challenger(
    history: History, data: Dataset, since: int, tell: Progress
) -> ModelComparison | None:
    """The comparison of champion and challenger on every decision made since a moment (ms).

    Decisions that either did not make itself it scores first, stored apart. None without a
    challenger or without decisions.
    """
    models = Models(history)
    champion, rival = models.newest("champion"), models.newest("challenger")
    if champion is None or rival is None:
        return None
    for published in (champion, rival):
        answer(models, published, since, tell)
    with history.read() as connection:
        rows = paired_decisions(connection, champion, rival, since)
        if rows.empty:
            return None
        until = max(_trained_until(models.of(one).bundle) for one in (champion, rival))
        known = unseen_labels(data, until)
        rows["asked"] = rows["decision_id"].map(_asked(connection, models, since, known))
    found = labelled_requests(rows, known)
    return ModelComparison(
        champion=champion.version,
        challenger=rival.version,
        since=int(rows["decided_at"].min()),
        until=int(rows["decided_at"].max()),
        decisions=len(rows),
        moved=float((rows["probability_challenger"] - rows["probability_champion"]).abs().mean()),
        tiers=_tier_matrix(rows),
        labelled=len(found),
        abusive=int(found["y"].sum()),
        measures=measure_differences(found),
    )


def paired_decisions(
    connection: sa.Connection, champion: Published, rival: Published, since: int
) -> pd.DataFrame:
    """One row a decision that both have scored: `probability_` and `tier_` of each."""
    made = pd.DataFrame(
        [(one.decision_id, one.refund_id, one.decided_at)
         for one in challenger_answers.made_since(connection, since)],
        columns=["decision_id", "refund_id", "decided_at"],
    )  # fmt: skip
    for who, published in zip(ROLES, (champion, rival), strict=True):
        answers = challenger_answers.answers(connection, published.digest, since)
        frame = pd.DataFrame(
            [(one.decision_id, one.probability, one.tier) for one in answers],
            columns=["decision_id", f"probability_{who}", f"tier_{who}"],
        )
        made = made.merge(frame, on="decision_id")
    return made


def _trained_until(bundle: Bundle) -> int:
    return int(bundle.about.get("trained_until", 0))


def _tier_matrix(rows: pd.DataFrame) -> dict[str, dict[str, int]]:
    counts = rows.groupby(["tier_champion", "tier_challenger"]).size()
    return {a: {b: int(counts.get((a, b), 0)) for b in TIERS} for a in TIERS}


def _asked(
    connection: sa.Connection, models: Models, since: int, known: pd.DataFrame
) -> dict[str, list[str]]:
    """Those whom a question is put to in each decision on these requests, by its id; empty where
    its policy is not kept."""
    found: dict[str, list[str]] = {}
    wanted = set(known["refund_id"])
    for one in challenger_answers.made_since(connection, since):
        if one.refund_id in wanted:
            try:
                policy = models.policy(one.policy_version)
            except RefundRiskError:
                found[one.decision_id] = []
            else:
                found[one.decision_id] = asked(policy, situation_of(one.situation))
    return found


def labelled_requests(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """One row a labelled request that neither was trained on: its first probabilities, and whether
    each model would have bothered its customer, or held the money, at any of its moments.

    `asked` of each row are those whom a question would be put to.
    """
    rows = rows[rows["refund_id"].isin(known["refund_id"])].copy()
    for who in ROLES:
        tiers = rows[f"tier_{who}"]
        rows[f"bothered_{who}"] = [bothers(*one) for one in zip(tiers, rows["asked"], strict=True)]
        rows[f"held_{who}"] = tiers != "approve"
    ever = {f"{flag}_{who}": "max" for flag in ("bothered", "held") for who in ROLES}
    first = {f"probability_{who}": "first" for who in ROLES}
    by_request = rows.sort_values("decided_at", kind="stable").groupby("refund_id")
    lives = by_request.agg({**ever, **first})
    return known.merge(lives, left_on="refund_id", right_index=True).reset_index(drop=True)


def measure_differences(found: pd.DataFrame) -> list[MeasureComparison]:
    """Each measure of both models and its difference, with 95 % bootstrap intervals over
    customers; empty where labels are too few."""
    abusive = int(found["y"].sum())
    if min(abusive, len(found) - abusive) < MIN_CLASS:
        return []
    draws = min(DRAWS, max(50, MAX_BOOTSTRAP_ROWS // len(found)))
    drawn = [
        _measured(found.iloc[rows])
        for rows in bootstrap_by_customer(found["customer_id"].to_numpy(), draws)
        if 0 < found["y"].to_numpy()[rows].sum() < len(rows)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    whole = zip(MEASURES, _measured(found), low, high, strict=True)
    return [
        MeasureComparison(
            name, *(Estimate(*map(float, one)) for one in zip(here, least, most, strict=True))
        )
        for name, here, least, most in whole
    ]


def _measured(found: pd.DataFrame) -> np.ndarray:
    """The measures (k, 3): the champion's, the challenger's, and their difference."""
    both = np.array([[count(found, who) for who in ROLES] for count in MEASURES.values()])
    return np.column_stack([both, both[:, 1] - both[:, 0]])


def honest_bothered(found: pd.DataFrame, who: str) -> float:
    """Weighted share of honest requests that the model would have bothered at any moment."""
    honest = found[found["y"] < 0.5]
    return float(np.average(honest[f"bothered_{who}"], weights=honest["weight"]))


def honest_waiting(found: pd.DataFrame, who: str) -> float:
    """Weighted share of honest requests that would only have waited for shop or courier."""
    honest = found[found["y"] < 0.5]
    return float(np.average(honest[f"held_{who}"], weights=honest["weight"])) - honest_bothered(
        found, who
    )


def abuse_stopped(found: pd.DataFrame, who: str) -> float:
    """Weighted share of the money of abusive requests that the model would have questioned."""
    abusive = found[found["y"] >= 0.5]
    weight = abusive["weight"] * abusive["worth"]
    return float(np.average(abusive[f"held_{who}"], weights=weight))


def _scored_rows(found: pd.DataFrame, who: str) -> ScoredRows:
    return ScoredRows(
        found["y"].to_numpy(),
        found[f"probability_{who}"].to_numpy(),
        found["weight"].to_numpy(),
        found["worth"].to_numpy(),
        found["customer_id"].to_numpy(),
    )


MEASURES: dict[str, Callable[[pd.DataFrame, str], float]] = {
    "honest_bothered": honest_bothered,
    "honest_waiting": honest_waiting,
    "abuse_stopped": abuse_stopped,
    "auc": lambda found, who: auc(_scored_rows(found, who)),
    "log_loss": lambda found, who: mean_log_loss(_scored_rows(found, who)),
}
