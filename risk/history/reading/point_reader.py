"""Point reads for one case: its spine, and its measures by index look-ups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from risk.features.compile import measures_of
from risk.features.derived import SPINE_OF_ONE
from risk.features.finish import Finisher, finisher
from risk.features.many_valued import MANY, MANY_VALUED
from risk.features.point import arms, many_statement, point_statement, presence_statement
from risk.features.presence import PRESENCE_OF, PRESENCES, RARE
from risk.features.ring import RING, RING_COLUMNS
from risk.features.source_columns import SPINE_ORDER
from risk.features.sources import GROUPS
from risk.features.spec import Feature, Measure
from risk.features.visibility import REVISED, unrevised
from risk.features.word_weights import FEATURE, WORDS, WordWeights
from risk.history.connection.driver import (
    Call,
    Row,
    Rows,
    Run,
    Texts,
    of_store,
    run_together,
    runner,
)
from risk.history.reading.ring_reader import ring_call, ring_numbers

Statement = tuple[Texts, list[tuple[int, int]]]
"""A statement of arms; where the row of each belongs, and how many numbers are in it."""

WIDTH = 20
"""The expressions over the case itself are read in rows of so many."""

NARROW = 6
"""Groups of up to so many measures are read apart from wider ones: rows of one statement are all as
wide as its widest, and hundreds of empty columns cost as much as the look-ups."""

SIZES = (1, 4, MANY)
"""For so many values of a many-valued key there is a statement; the rest is filled with NULL."""

_CASE = SPINE_OF_ONE.format(
    settled="COALESCE(CAST(:settled AS BIGINT), a.as_of)",
    moments="(SELECT 0 AS row_id, CAST(:as_of AS BIGINT) AS as_of, "
    "CAST(NULL AS TEXT) AS stage, CAST(:refund AS TEXT) AS refund_id)",
    orders="(SELECT f.* FROM orders f WHERE f.order_id IN "
    "(SELECT x.order_id FROM refunds x WHERE x.refund_id = :refund))",
    refunds="refunds",
)
_SPINE = f"SELECT {', '.join(SPINE_ORDER)}, {REVISED} AS revised FROM ({_CASE}) x"
_SPINE_COLUMNS = (*SPINE_ORDER, "revised")
_MANY = many_statement()
_KEYS: Texts = (f"{unrevised(_MANY)} UNION ALL {presence_statement()}", _MANY)
_NO_KEYS = {f"{mapping}_0": None for mapping in MANY_VALUED}


@dataclass(frozen=True)
class Reader:
    """Reads the features of one case, each by a bounded number of index look-ups.

    `words` are the weights of a model that uses what texts say.
    """

    features: tuple[Feature, ...]
    words: WordWeights | None = None

    @cached_property
    def groups(self) -> dict[str, tuple[Measure, ...]]:
        return measures_of(self.features)

    @cached_property
    def _positions(self) -> dict[Measure, int]:
        measures = (m for group in self.groups.values() for m in group)
        return {measure: i for i, measure in enumerate(measures)}

    @cached_property
    def _finish(self) -> Finisher:
        return finisher(self.features, self._positions)

    @cached_property
    def _content(self) -> int:
        """Where the feature of a text's words stands."""
        return [feature.name for feature in self.features].index(FEATURE)

    @cached_property
    def _empty(self) -> list[float]:
        return [m.empty for m in self._positions]

    @cached_property
    def _ring(self) -> list[tuple[int, int]]:
        """Where each measure of the ring belongs, and its place in the ring's numbers."""
        return [(self._positions[m], RING_COLUMNS.index(m.value)) for m in self.groups[RING]]

    def _statement(self, groups: Mapping[str, Sequence[Measure]], keys: int = 1) -> Statement:
        cut = arms(groups, WIDTH)
        places = [(self._positions[measures[0]], len(measures)) for _, measures in cut]
        return of_store(point_statement(cut, keys)), places

    @cached_property
    def _usual(self) -> list[Statement]:
        """The statements for what every case has, with one value of each many-valued key."""
        groups = [
            (name, group) for name, group in self.groups.items()
            if name != RING and name not in PRESENCE_OF and _many_of(name) not in RARE
        ]  # fmt: skip
        narrow = {name: group for name, group in groups if len(group) <= NARROW}
        wide = {name: group for name, group in groups if len(group) > NARROW}
        return [self._statement(chosen) for chosen in (narrow, wide) if chosen]

    @cached_property
    def _present(self) -> dict[str, Statement]:
        """The statement of each presence, for the groups that hang on it."""
        chosen = {
            name: {group: self.groups[group] for group in presence.groups if group in self.groups}
            for name, presence in PRESENCES.items()
        }
        return {name: self._statement(groups) for name, groups in chosen.items() if groups}

    @cached_property
    def _many(self) -> dict[tuple[str, int], Statement]:
        """The statement of each many-valued key, for each size that the usual ones do not read."""
        statements = {}
        for mapping in MANY_VALUED:
            groups = self.groups.items()
            chosen = {name: group for name, group in groups if _many_of(name) == mapping}
            for size in SIZES[mapping not in RARE :] if chosen else ():
                statements[mapping, size] = self._statement(chosen, size)
        return statements

    def spine(
        self, connection: sa.Connection, refund: str, as_of: int, settled: int | None = None
    ) -> Row | None:
        """The request and its order as one row, its stage left open; None where the request is not
        stored. `settled` is the moment of what many cases share, `as_of` where there is none.
        `revised` says whether any fact of the store was ever corrected or taken back."""
        asked = {"refund": refund, "as_of": as_of, "settled": settled}
        found = runner(connection)(_SPINE, asked)
        return dict(zip(_SPINE_COLUMNS, found[0], strict=True)) if found else None

    def vector(
        self, connection: sa.Connection, spine: Row, keys: Rows | None = None
    ) -> NDArray[np.float64]:
        """The case's features, shape (features,), in the catalogue's order; `keys` is what
        `keys_call` gave, where that was run before."""
        run = runner(connection)
        values: list[Any] = self._empty.copy()
        found_keys = keys_of(run, spine) if keys is None else _by_mapping(keys)
        wanted = list(self._bound(spine, found_keys))
        calls = [(texts[bool(spine["revised"])], bound) for (texts, _), bound in wanted]
        has_ring = RING in self.groups and spine["customer_id"] is not None
        found = run_together(connection, [*calls, *([ring_call(spine)] if has_ring else [])])
        for ((_, places), _), rows in zip(wanted, found, strict=False):
            for row in rows:
                start, number = places[row[0]]
                values[start : start + number] = row[1 : number + 1]
        if has_ring and (ring := ring_numbers(run, spine, found[-1])) is not None:
            for position, place in self._ring:
                values[position] = ring[place]
        vector = self._finish(np.array(values, dtype=np.float64))
        if self.words is not None:
            vector[self._content] = self.words.value(spine[WORDS])
        return vector

    def _bound(self, spine: Row, keys: Mapping[str, list[Any]]) -> Iterator[tuple[Statement, Row]]:
        """The statements of a case, each with its values."""
        one = {f"{mapping}_0": found[0] for mapping, found in keys.items() if len(found) == 1}
        bound = {**spine, **_NO_KEYS, **one}
        for statement in self._usual:
            yield statement, bound
        for name, statement in self._present.items():
            if name in keys or spine["revised"]:
                yield statement, spine
        for mapping, found in keys.items():
            size = next(s for s in SIZES if s >= len(found))
            if (mapping, size) in self._many:
                padded = enumerate([*found, *[None] * (size - len(found))])
                values = {f"{mapping}_{i}": key for i, key in padded}
                yield self._many[mapping, size], {**spine, **values}


def _many_of(group: str) -> str:
    """The many-valued key that a group reads, empty for others."""
    return GROUPS[group].many if group in GROUPS else ""


def keys_of(run: Run, spine: Row) -> dict[str, list[Any]]:
    """The values of every many-valued key the case has any of, and its presences: of a store with
    corrections these are not asked."""
    return _by_mapping(run(*keys_call(spine)))


def keys_call(spine: Row) -> Call:
    """The statement that reads a case's keys and presences."""
    return _KEYS[bool(spine["revised"])], spine


def _by_mapping(rows: Rows) -> dict[str, list[Any]]:
    keys: dict[str, list[Any]] = {}
    for mapping, word, number in rows:
        keys.setdefault(mapping, []).append(number if word is None else word)
    return keys
