"""Many cases at once, offline: the same as `case.read_one`, read by DuckDB from tables of facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from risk.decisions.case import Case, lane_facts
from risk.decisions.case_records import UNFOUND, OwnRows, StandingVerdict
from risk.decisions.case_rows import OWN, OWN_VERDICTS, numbered
from risk.decisions.policy_features import policy_places
from risk.features.backfill import backfill
from risk.features.order_money import MONEY, order_money
from risk.features.ranges import spread
from risk.features.scratch_tables import stored_table
from risk.features.spec import Feature
from risk.features.word_weights import WordWeights
from risk.policy import Lane, Policy, Situation, lane

NOTHING = OwnRows()
VERDICTS = "verdicts"
_MONEY = "money"
CASES_AT_ONCE = 5_000
"""So many cases are at most in memory as objects."""

NO_AUDIT = 1.0
"""A draw that takes no part in audits."""


@dataclass(frozen=True)
class Cases:
    """Many cases, a row each in the order of time.

    `spine` has a row a case, `money` what `order_money` makes its money of, and `matrix` its
    features, shape (cases, features). `own_rows` has the results of the queries of `OWN`, and of
    `OWN_VERDICTS` as `VERDICTS`.
    """

    spine: pa.Table
    money: pa.Table
    matrix: NDArray[np.float64]
    features: tuple[Feature, ...]
    own_rows: Mapping[str, pa.Table]
    draw: Callable[[str], float]

    def __len__(self) -> int:
        return int(self.spine.num_rows)

    @cached_property
    def _by_case(self) -> dict[str, _ByCase]:
        return {name: _ByCase.of(table) for name, table in self._tables.items()}

    @property
    def _tables(self) -> dict[str, pa.Table]:
        return {**self.own_rows, _MONEY: self.money}

    def own_of(self, spine: pa.Table) -> dict[int, OwnRows]:
        """The own rows of some rows of the spine that have any, by row_id."""
        found: dict[int, dict[str, list[tuple[Any, ...]]]] = {}
        for name in OWN:
            for number, *row in self._by_case[name].tuples(spine):
                found.setdefault(number, {}).setdefault(name, []).append(tuple(row))
        verdicts = self._by_case[VERDICTS].tuples(spine)
        findings = {
            row: StandingVerdict(verdict, paid, bool(refused), done)
            for row, verdict, paid, refused, done in verdicts
        }
        return {
            number: OwnRows.of(found.get(number, {}), findings.get(number, UNFOUND))
            for number in found.keys() | findings.keys()
        }

    def __iter__(self) -> Iterator[Case]:
        return self.of(self.spine)

    def of(self, spine: pa.Table) -> Iterator[Case]:
        """The cases of some rows of the spine; of few at a time anything is in memory."""
        for part in _parts(spine):
            own_of, money = self.own_of(part), self._by_case[_MONEY].rows(part).to_pylist()
            for row, of_row in zip(part.to_pylist(), money, strict=True):
                number = row["row_id"]
                own, draw = own_of.get(number, NOTHING), self.draw(row["refund_id"])
                yield Case(row, own, self.matrix[number], draw, money=order_money(of_row))

    def situations(self, spine: pa.Table) -> Iterator[tuple[int, Situation]]:
        """The row_id and the situation of some rows of the spine."""
        places = policy_places([feature.name for feature in self.features])
        for case in self.of(spine):
            yield case.spine["row_id"], case.situation(places)

    def lanes(self, policy: Policy) -> list[Lane]:
        """The lane of every case."""
        names = ["row_id", "as_of", "type", "requested_at", "no_reason_return", "placed_at",
                 "merchant_id", "category", "reason_code", "claims_received"]  # fmt: skip
        found: list[Lane] = []
        for part in _parts(self.spine):
            own_of = self.own_of(part)
            found += [
                lane(policy, lane_facts(row, own_of.get(row["row_id"], NOTHING)))
                for row in part.select(names).to_pylist()
            ]
        return found


@dataclass(frozen=True)
class _ByCase:
    """Rows in the order of their cases, so that those of some are found by binary search."""

    table: pa.Table
    numbers: NDArray[np.int64]

    @classmethod
    def of(cls, table: pa.Table) -> _ByCase:
        """The rows of a table, those of a case in its order."""
        numbers = table["row_id"].to_numpy()
        if np.any(np.diff(numbers) < 0):
            order = np.argsort(numbers, kind="stable")
            table, numbers = table.take(order), numbers[order]
        return cls(table, numbers)

    def rows(self, spine: pa.Table) -> pa.Table:
        """The rows of some cases, in the order of these."""
        wanted = spine["row_id"].to_numpy()
        edges = (np.searchsorted(self.numbers, wanted, side) for side in ("left", "right"))
        return self.table.take(spread(*edges)[1])

    def tuples(self, spine: pa.Table) -> Iterator[tuple[Any, ...]]:
        """The rows of some cases as tuples, `row_id` first."""
        rows = self.rows(spine)
        return zip(*(column.to_pylist() for column in rows.columns), strict=True)


def _parts(spine: pa.Table) -> Iterator[pa.Table]:
    for start in range(0, spine.num_rows, CASES_AT_ONCE):
        yield spine.slice(start, CASES_AT_ONCE)


def read_many(
    db: duckdb.DuckDBPyConnection,
    moments: str,
    features: Sequence[Feature],
    draw: Callable[[str], float] = lambda _: NO_AUDIT,
    progress: Callable[[int, int], None] | None = None,
    words: WordWeights | None = None,
) -> Cases:
    """Every case of `moments`, a query giving (refund_id, as_of, stage), over the facts in `db`.

    `progress` is called with how many of how many groups of features are done. There are no entries
    of block or allow lists: those belong to a store, not to facts. `words` as in `backfill`.
    """
    table = db.sql(numbered(moments)).to_arrow_table()
    filled = backfill(db, table, features, progress, words)
    queries = {_MONEY: MONEY, **OWN, VERDICTS: OWN_VERDICTS}
    rows = {name: stored_table(db.sql(query).to_arrow_reader()) for name, query in queries.items()}
    return Cases(filled.spine, rows.pop(_MONEY), filled.matrix, filled.features, rows, draw)
