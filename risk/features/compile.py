"""Measures → SQL text. One entry, three renderings of the same meaning.

`set_query` answers every row of a spine at once (Spark, and what `sweep` leaves) by bounded range
joins; `sweep` does so by prefix sums over sorted rows (training, backfill); the `point` rendering
answers one case by index look-ups (scoring). A test holds all equal to the naive reference on every
engine. SQL returns integers only; `finish` makes the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from risk.errors import CatalogueError
from risk.facts.localised import LANGUAGES
from risk.facts.revisions import FOREVER
from risk.features.many_valued import MANY, MANY_VALUED
from risk.features.ring import RING, RING_COLUMNS
from risk.features.source_columns import SOURCES, SPINE_COLUMNS
from risk.features.sources import BOUND, GROUPS, TIES, Group
from risk.features.spec import Feature, Measure
from risk.features.visibility import current, known_before, known_by, unrevised

_SPINE = re.compile(r"\bs\.(\w+)")
_ROW = re.compile(r"\be\.(\w+)")

BLOCK = 100
"""Rows of an entity are joined in blocks of so many: the latest `BOUND` lie in a few of them."""

_BACK = " UNION ALL ".join(f"SELECT {back} AS back" for back in range(0, BOUND + 1, BLOCK))


def measures_of(features: Iterable[Feature]) -> dict[str, tuple[Measure, ...]]:
    """The distinct measures the features need, by group, in a stable order."""
    wanted = {measure for feature in features for measure in feature.measures}
    groups: dict[str, list[Measure]] = {}
    for measure in sorted(wanted, key=_order):
        groups.setdefault(measure.group, []).append(measure)
    return {name: tuple(group) for name, group in groups.items()}


def _order(measure: Measure) -> tuple[str, ...]:
    window = "" if measure.window is None else f"{measure.window:020d}"
    return (measure.group, measure.aggregate, measure.value, measure.where, window)


def expression(measure: Measure) -> str:
    """The aggregate as SQL over `e` (the row) and `s` (the spine), rows of `skip` left out."""
    if measure.aggregate == "value":
        return measure.value
    group = GROUPS[measure.group]
    conditions = [f"({measure.where})"] if measure.where else []
    if measure.window is not None:
        conditions.append(f"e.known_at >= s.{moment_of(group)} - {measure.window}")
        if group.own:
            conditions.append("e.known_at < s.as_of")
    when = " AND ".join(conditions)
    if measure.aggregate == "count":
        return f"COUNT(CASE WHEN {when} THEN 1 END)" if conditions else "COUNT(*)"
    value = f"CASE WHEN {when} THEN {measure.value} END" if conditions else measure.value
    if measure.aggregate == "sum":
        return f"CAST(COALESCE(SUM({value}), 0) AS BIGINT)"
    if measure.aggregate == "distinct":
        return f"COUNT(DISTINCT {value})"
    return f"{measure.aggregate.upper()}({value})"


def moment_of(group: Group) -> str:
    """The moment of the spine from which a group's windows reach back."""
    return "as_of" if group.own else group.seen


def check(features: Sequence[Feature]) -> None:
    """Raise CatalogueError, naming the entry, for what could not be compiled or read."""
    seen: set[str] = set()
    for feature in features:
        if feature.name in seen:
            raise CatalogueError(f"{feature.name}: the name is taken by another entry")
        seen.add(feature.name)
        for language in LANGUAGES:
            if not feature.text.get(language):
                raise CatalogueError(f"{feature.name}: no sentence in {language!r}")
        for measure in feature.measures:
            _check_measure(feature.name, measure)


def _check_measure(name: str, measure: Measure) -> None:
    if measure.group == RING:
        if measure.value not in RING_COLUMNS:
            raise CatalogueError(f"{name}: the ring has no {measure.value!r}")
        return
    if measure.group != "case" and measure.group not in GROUPS:
        raise CatalogueError(f"{name}: no group {measure.group!r}")
    if measure.window is not None and measure.window <= 0:
        raise CatalogueError(f"{name}: a window must be longer than nothing")
    if measure.group == "case" and (measure.aggregate != "value" or measure.window is not None):
        raise CatalogueError(f"{name}: the case itself has values only, without a window")
    _check_columns(name, measure)


def _check_columns(name: str, measure: Measure) -> None:
    text = f"{measure.value} {measure.where}"
    known = SOURCES[GROUPS[measure.group].source] if measure.group != "case" else frozenset[str]()
    for found, columns in ((_ROW.findall(text), known), (_SPINE.findall(text), SPINE_COLUMNS)):
        for column in found:
            if column not in columns:
                raise CatalogueError(f"{name}: {measure.group} has no column {column!r}")


def columns_read(group: Group, measures: Sequence[Measure]) -> list[str]:
    """The columns of the source that the measures read."""
    text = " ".join((group.skip, *(expression(m) for m in measures)))
    return sorted(set(_ROW.findall(text)))


def source_columns(group: Group, measures: Sequence[Measure]) -> list[str]:
    """The columns of the source that the measures read, with what bounds and joins need."""
    read = columns_read(group, measures)
    return sorted({*read, "known_at", group.match, *TIES[group.source]})


def set_query(name: str, measures: Sequence[Measure], *, revised: bool = False) -> str:
    """SQL giving (row_id, m0, m1, …) for every spine row that has a row of the group at all.

    `revised` says whether rows of the source may be bounded, by corrections or retractions: where
    none is, the latest rows are those visible, and less is computed.
    """
    outputs = ", ".join(f"{expression(m)} AS m{i}" for i, m in enumerate(measures))
    if name == "case":
        return f"SELECT s.row_id, {outputs} FROM spine s"
    group = GROUPS[name]
    only = f" AND {group.only}" if group.only else ""
    if group.exact:
        query = (
            f"SELECT s.row_id, {outputs} FROM spine s JOIN {group.table} e "
            f"ON e.{group.match} = s.{group.keys[0]} AND e.{group.exact} = s.{group.exact}{only} "
            f"AND {known_before('e', f's.{group.seen}')} GROUP BY s.row_id"
        )
        return query if revised else unrevised(query)
    kept = f" WHERE {group.skip}" if group.skip else ""
    latest = _latest_visible if revised else _latest
    return f"""WITH wanted AS ({wanted(group)}),
{latest(group, measures, only)}
SELECT s.row_id, {outputs}
FROM chosen e JOIN spine s ON s.row_id = e.asked_by{kept}
GROUP BY s.row_id"""


def _latest(group: Group, measures: Sequence[Measure], only: str) -> str:
    """`chosen`: of each wanted entity the latest `BOUND` rows known by then, by their numbers."""
    columns = ", ".join(f"e.{c}" for c in source_columns(group, measures))
    ties = ", ".join(f"e.{c}" for c in TIES[group.source])
    return f"""ranked AS (
  SELECT {columns}, ROW_NUMBER() OVER (PARTITION BY e.{group.match} ORDER BY e.known_at, {ties}) AS nth
  FROM {group.table} e WHERE e.{group.match} IS NOT NULL{only}
    AND e.{group.match} IN (SELECT w.entity FROM wanted w)),
{_blocks(group)},
chosen AS (SELECT b.row_id AS asked_by, e.* {_BLOCK_ROWS.format(match=group.match)})"""


def _latest_visible(group: Group, measures: Sequence[Measure], only: str) -> str:
    """`chosen`: of each wanted entity the latest `BOUND` rows visible then, where rows are bounded.

    Facts of which at every moment some row is visible are counted, ties together: the latest
    `BOUND` of them and what lies between hold all rows looked for, and few more.
    """
    columns = ", ".join(
        f"e.{c}"
        for c in dict.fromkeys((*source_columns(group, measures), "valid_from", "valid_to"))
    )
    fact = ", ".join(("known_at", *(_FACT.get(c, f"e.{c}") for c in TIES[group.source])))
    order = ", ".join(f"e.{c} DESC" for c in ("known_at", *TIES[group.source]))
    seen = f"s.{group.seen}"
    visible = known_by("e", "s.as_of", seen) if group.own else known_before("e", seen)
    return f"""marked AS (
  SELECT {columns}, CASE WHEN {current("e")} AND SUM(e.valid_to - e.valid_from)
    OVER (PARTITION BY e.{group.match}, {fact}) = {FOREVER} THEN 1 ELSE 0 END AS steady
  FROM {group.table} e WHERE e.{group.match} IS NOT NULL{only}
    AND e.{group.match} IN (SELECT w.entity FROM wanted w)),
ranked AS (
  SELECT e.*, CAST(SUM(e.steady) OVER (PARTITION BY e.{group.match} ORDER BY e.known_at
    RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS nth FROM marked e),
{_blocks(group)},
chosen AS (SELECT c.* FROM (
  SELECT b.row_id AS asked_by, e.*, ROW_NUMBER() OVER
    (PARTITION BY b.row_id, b.entity ORDER BY {order}) AS back
  {_BLOCK_ROWS.format(match=group.match)}
  JOIN spine s ON s.row_id = b.row_id WHERE {visible}) c WHERE c.back <= {BOUND})"""


_FACT = {"fact_key": "COALESCE(e.corrects, e.fact_key)"}
"""What is the same for all revisions of a fact, in place of what tells them apart."""

_BLOCK_ROWS = f"""FROM blocks b JOIN ranked e ON e.{{match}} = b.entity
  AND (e.nth - 1) - (e.nth - 1) % {BLOCK} = b.block
  AND e.nth <= b.latest AND e.nth > b.latest - {BOUND}"""


def _blocks(group: Group) -> str:
    """The number of the latest row known to each wanted entity, and the blocks it reaches back to."""
    frame = "CURRENT ROW" if group.own else "1 PRECEDING"
    return f"""placed AS (
  SELECT u.row_id, u.entity, MAX(u.nth) OVER (PARTITION BY u.entity ORDER BY u.moment
    RANGE BETWEEN UNBOUNDED PRECEDING AND {frame}) AS latest
  FROM (SELECT CAST(NULL AS BIGINT) AS row_id, e.{group.match} AS entity, e.known_at AS moment, e.nth
          FROM ranked e
        UNION ALL
        SELECT w.row_id, w.entity, w.as_of AS moment, CAST(NULL AS BIGINT) AS nth FROM wanted w) u),
blocks AS (
  SELECT p.row_id, p.entity, p.latest, (p.latest - 1) - (p.latest - 1) % {BLOCK} - b.back AS block
  FROM placed p CROSS JOIN ({_BACK}) b WHERE p.row_id IS NOT NULL AND p.latest IS NOT NULL
    AND (p.latest - 1) - (p.latest - 1) % {BLOCK} - b.back >= 0)"""


def many_query(name: str) -> str:
    """SQL giving (row_id, as_of, settled, entity) for every value of a many-valued key on the spine."""
    key = MANY_VALUED[name]
    return (
        f"SELECT DISTINCT s.row_id, s.as_of, s.settled, e.{key.column} AS entity FROM spine s "
        f"JOIN {key.table} e ON e.{key.of} = s.{key.of} "
        f"WHERE e.{key.column} IS NOT NULL AND {key.where}"
    )


def wanted(group: Group) -> str:
    """SQL giving (row_id, as_of, entity): the entities whose rows a group reads, of every spine row."""
    if group.many:
        return (
            f"SELECT m1.row_id, m1.{group.seen} AS as_of, m1.entity FROM (SELECT m.row_id, m.{group.seen}, "
            "m.entity, "
            "ROW_NUMBER() OVER (PARTITION BY m.row_id ORDER BY m.entity) AS nth "
            f"FROM {group.many} m) m1 WHERE m1.nth <= {MANY}"
        )
    return " UNION ALL ".join(
        f"SELECT s.row_id, s.{group.seen} AS as_of, s.{key} AS entity FROM spine s WHERE s.{key} IS NOT NULL"
        for key in group.keys
    )
