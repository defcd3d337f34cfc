"""Provenance of a feature's value: the facts that each of its measures counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from risk.features.finish import finisher
from risk.features.point import point_query, rows_query, shown_columns
from risk.features.ring import RING, RING_COLUMNS
from risk.features.sources import GROUPS
from risk.features.spec import Feature, Measure
from risk.history.connection.driver import Row, Run, runner
from risk.history.reading.point_reader import keys_of
from risk.history.reading.ring_reader import ring_of
from risk.history.reading.ring_walk import members_of

Keys = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class MeasureProvenance:
    """One measure for one case: its whole number (None: unknown) and its facts, latest first."""

    measure: Measure
    value: int | None
    facts: tuple[dict[str, Any], ...]


def provenance_of(
    connection: sa.Connection, spine: Row, feature: Feature
) -> tuple[MeasureProvenance, ...]:
    """The provenance of each measure of a feature, for the case of this spine row."""
    run = runner(connection)
    keys = keys_of(run, spine)
    return tuple(_measure_provenance(run, spine, keys, measure) for measure in feature.measures)


def value_of(feature: Feature, measures: Sequence[MeasureProvenance]) -> float:
    """The feature's value from its measures, by the function that scoring uses."""
    positions = {one.measure: i for i, one in enumerate(measures)}
    numbers = [one.value for one in measures]
    return float(finisher([feature], positions)(np.array(numbers, dtype=np.float64))[0])


def _measure_provenance(run: Run, spine: Row, keys: Keys, measure: Measure) -> MeasureProvenance:
    name = measure.group
    if name == RING:
        return _ring(run, spine, measure)
    if name == "case":
        return MeasureProvenance(measure, run(point_query(name, [measure]), spine)[0][0], ())
    many = GROUPS[name].many
    values = keys.get(many, ())
    if many and not values:
        return MeasureProvenance(measure, 0 if measure.empty == 0 else None, ())
    bound = {**spine, **{f"{many}_{i}": value for i, value in enumerate(values)}}
    number = max(len(values), 1)
    rows = run(rows_query(name, measure, number), bound)
    facts = tuple(dict(zip(shown_columns(name), row, strict=True)) for row in rows)
    return MeasureProvenance(measure, run(point_query(name, [measure], number), bound)[0][0], facts)


def _ring(run: Run, spine: Row, measure: Measure) -> MeasureProvenance:
    numbers = ring_of(run, spine)
    facts = tuple(
        {"customer_id": customer, "known_at": since}
        for customer, since in members_of(run, spine).items()
    )
    if numbers is None:
        return MeasureProvenance(measure, 0 if measure.empty == 0 else None, facts)
    return MeasureProvenance(measure, numbers[RING_COLUMNS.index(measure.value)], facts)
