"""The training set: every request as of its moments, with features, and labels where known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from risk.decisions.case_rows import MOMENTS
from risk.decisions.many_cases import Cases, read_many
from risk.decisions.policy_features import POLICY_FEATURES
from risk.facts.units import MONEY_UNIT
from risk.features.backfill import offline
from risk.features.catalog import catalogue
from risk.features.spec import Feature
from risk.features.word_weights import WORDS
from risk.policy import CaseBars, InterventionBar, Policy, Situation
from training.cases.labels import labels
from training.progress import FEATURES, Progress, sub_progress

MOST_CASES = 10_000
LABELLED = f"""SELECT m.* FROM ({MOMENTS}) m WHERE m.stage = 'request'
  OR m.refund_id IN (SELECT l.refund_id FROM labelled l)"""
"""Every request as it was made, and the later moments of those with a label."""

UNKNOWN = InterventionBar(np.nan, np.nan)

CONTEXT = (
    "refund_id", "customer_id", "as_of", "requested_at", "stage", "amount", "currency",
    "reason_code", "type", "channel", "merchant_id", WORDS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dataset:
    """`frame` has one row a (refund, as_of): context, label columns and the features (float64).

    `row` numbers its rows; `cases` holds the situations of some rows found honest, by that number.
    Their bars are computed where they are asked for, and what no probability changes of them once.
    """

    frame: pd.DataFrame
    features: tuple[Feature, ...]
    policy: Policy
    cases: Mapping[int, Situation]
    _bars: dict[int, CaseBars] = field(default_factory=dict, init=False, repr=False, compare=False)

    def bars(self, rows: np.ndarray, probabilities: np.ndarray) -> pd.DataFrame:
        """The bars of the policy for each row (n,), a column each; NaN where the row's case is not
        among `cases`."""
        found = [self._bar(int(row), float(p)) for row, p in zip(rows, probabilities, strict=True)]
        return pd.DataFrame(found, columns=InterventionBar._fields)

    def _bar(self, row: int, probability: float) -> InterventionBar:
        if row not in self.cases:
            return UNKNOWN
        if row not in self._bars:
            self._bars[row] = CaseBars(self.policy, self.cases[row])
        return self._bars[row].at(probability)


@dataclass(frozen=True)
class LabelledCases:
    """The cases of `LABELLED`, and what is known of their truth: a row of `labels` a request.

    Of a sample of the requests `sampled` has how many each `stands_for`, a row a `refund_id`.
    """

    cases: Cases
    known: pd.DataFrame
    sampled: pd.DataFrame | None = None

    @classmethod
    def read(
        cls,
        facts: Mapping[str, pa.Table],
        features: Sequence[Feature],
        progress: Progress | None = None,
    ) -> LabelledCases:
        """Everything known at the last `known_at` of the facts."""
        with offline(facts) as db:
            known = labels(db)
            db.register("labelled", known[["refund_id"]])
            cases = read_many(db, LABELLED, features, progress=sub_progress(progress, FEATURES))
        return cls(cases, known)


def features_in_use() -> list[Feature]:
    """The columns of a training set: the catalogue's features that are not retired, and those that
    policies read."""
    return [one for one in catalogue() if not one.retired or one.name in POLICY_FEATURES]


def build(
    facts: Mapping[str, pa.Table],
    features: Sequence[Feature],
    policy: Policy,
    progress: Progress | None = None,
) -> Dataset:
    """Everything known at the last `known_at` of the facts, as a training set."""
    return dataset_of(LabelledCases.read(facts, features, progress), policy)


def dataset_of(found: LabelledCases, policy: Policy) -> Dataset:
    """The training set of cases: in the lanes of a policy, which decides those found honest."""
    cases, known, features = found.cases, found.known, found.cases.features
    frame = context(cases.spine).assign(lane=cases.lanes(policy), row=np.arange(len(cases)))
    frame = frame.merge(known, on="refund_id", how="left", validate="many_to_one")
    if found.sampled is not None:
        frame = frame.merge(found.sampled, on="refund_id", how="left", validate="many_to_one")
    frame["selected_by"] = frame["selected_by"].fillna("unknown")
    columns = pd.DataFrame(cases.matrix, columns=[f.name for f in features], copy=False)
    clash = [name for name in columns if name in frame]
    whole = pd.concat([frame.drop(columns=clash), columns], axis=1)
    return Dataset(whole, features, policy, honest_cases(cases, known))


def honest_cases(cases: Cases, known: pd.DataFrame) -> dict[int, Situation]:
    """The situations of rows found honest, of at most `MOST_CASES` requests drawn by their name."""
    honest = known.loc[known["y"] < 0.5, "refund_id"]
    drawn = honest.iloc[np.argsort(pd.util.hash_array(honest.to_numpy(dtype=object)))[:MOST_CASES]]
    chosen = pc.is_in(cases.spine["refund_id"], pa.array(drawn, pa.string()))
    return dict(cases.situations(cases.spine.filter(chosen)))


def requests_since(spine: pa.Table, since: int) -> pa.Table:
    """The rows of requests as they were made, at or after `since` (ms)."""
    made = pc.equal(spine["stage"], "request")
    return spine.filter(pc.and_(made, pc.greater_equal(spine["as_of"], since)))


def context(spine: pa.Table) -> pd.DataFrame:
    """What a row is about, in the spine's order; money in major units."""
    frame: pd.DataFrame = spine.select(list(CONTEXT)).to_pandas()
    frame["amount"] = frame["amount"] / MONEY_UNIT
    frame["currency"] = frame["currency"].fillna("CNY")
    for name in ("reason_code", "type", "channel", "merchant_id", "customer_id"):
        frame[name] = frame[name].astype(object).where(frame[name].notna(), "")
    return frame
