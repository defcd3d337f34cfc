"""A made world cut in time: what was known until then to learn from, the truth of what came after.

A model learns from the facts with `known_at` before the cut, labels included; it is judged on
every request asked later, as of its own moment, by the simulator's truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from risk.decisions.case_rows import MOMENTS, REQUESTS
from risk.decisions.champion import thresholds_of
from risk.decisions.many_cases import read_many
from risk.features.backfill import offline
from risk.identity import Hasher
from risk.model import Bundle
from risk.policy import Policy, ask_floor, load
from training.cases.dataset import Dataset, build, context, features_in_use, honest_cases
from training.facts.arrow_tables import of_columns
from training.facts.read_folder import read_folder
from training.learn.lives import group_floors, held_to
from training.simulate import simulate

KEY = b"a key that hides nothing here"
TOLD = ("positive", "scheme", "innocent_group")


@dataclass(frozen=True)
class World:
    """The facts of a made marketplace, hashed and typed as stored, and its truth by refund_id."""

    facts: Mapping[str, pa.Table]
    truth: pd.DataFrame
    policy: Policy

    @staticmethod
    def make(folder: Path, **settings: Any) -> World:
        """Simulate into `folder/world` with the simulator's own settings, and read it."""
        simulate(folder / "world", **settings)
        return World.read(folder / "world", pd.read_parquet(folder / "truth.parquet"))

    @staticmethod
    def read(folder: Path, truth: pd.DataFrame) -> World:
        """The facts of a folder, and a row of `truth` a request: `refund_id` and `TOLD`."""
        facts = of_columns(read_folder(folder, Hasher(KEY)))
        return World(facts, truth.set_index("refund_id")[list(TOLD)], load(None))

    def moment(self, share: float) -> int:
        """The moment (ms) at which a share of the time between first and last request is over."""
        first = pc.min(self.facts["refunds"]["requested_at"]).as_py()
        last = pc.max(self.facts["refunds"]["requested_at"]).as_py()
        return int(first + share * (last - first))

    def abuse(self, since: int, until: int) -> float:
        """The share of the requests asked in [since, until) that are abusive in truth."""
        asked = self.facts["refunds"].select(["refund_id", "requested_at"]).to_pandas()
        within = asked.loc[asked["requested_at"].between(since, until - 1), "refund_id"].unique()
        return float(self.truth["positive"].reindex(within).mean())

    def known(self, until: int) -> Dataset:
        """The training set as anybody could have built it at `until` (ms), with `truth` beside."""
        early = {kind: t.filter(pc.less(t["known_at"], until)) for kind, t in self.facts.items()}
        made = build(early, features(), self.policy)
        made.frame["truth"] = self._positive(made.frame)
        return made

    def later(
        self, since: int, until: int | None = None, *, life: bool = False, abusive: bool = False
    ) -> Dataset:
        """Every request asked in [since, until) as of its own moment, labelled with the truth;
        with `life` also as of the later moments at which it would be decided again, with `abusive`
        the cases of abusive requests too, not those of honest ones alone."""
        end = until or self.moment(1.0) + 1
        moments = f"""SELECT m.* FROM ({MOMENTS if life else REQUESTS}) m
          JOIN ({REQUESTS}) q ON q.refund_id = m.refund_id
          WHERE q.as_of >= {since} AND q.as_of < {end}"""
        with offline(self.facts) as db:
            cases = read_many(db, moments, features())
        frame = context(cases.spine).assign(
            lane=cases.lanes(self.policy), row=np.arange(len(cases))
        )
        frame = frame.join(self.truth, on="refund_id").assign(weight=1.0)
        frame["y"] = frame["positive"].astype(float)
        once = frame.drop_duplicates("refund_id")
        decided = honest_cases(cases, once.assign(y=0.0) if abusive else once)
        values = pd.DataFrame(cases.matrix, columns=[f.name for f in cases.features])
        columns = [name for name in values if name not in frame]
        whole = pd.concat([frame, values[columns]], axis=1)
        return Dataset(whole, cases.features, self.policy, decided)

    def _positive(self, frame: pd.DataFrame) -> pd.Series:
        return frame["refund_id"].map(self.truth["positive"]).astype(float)


def features() -> tuple[Any, ...]:
    """The columns of a training set."""
    return tuple(features_in_use())


def bothered(later: Dataset, probability: np.ndarray, bundle: Bundle) -> pd.Series:
    """Whether the policy, with all its rules and the bundle's threshold, bothers each request that
    is honest in truth; by row of the frame, those whose case was not drawn left out."""
    honest = later.frame.index[later.frame["y"] < 0.5]
    of_policy = later.bars(later.frame.loc[honest, "row"].to_numpy(), probability[honest])
    floors = group_floors(bundle.of_group, later.frame.loc[honest])
    bars = held_to(of_policy, floors)["bothered"]
    ask_above = ask_floor(later.policy, thresholds_of(bundle))
    return pd.Series((bars >= ask_above).to_numpy(), honest)[bars.notna().to_numpy()]
