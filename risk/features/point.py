"""Measures → SQL for one case: bounded index look-ups, many groups in one statement.

Every group is one arm of a `UNION ALL`, a row (arm, m0, m1, …) of whole numbers, so that a case
costs a few statements however many features there are, and their texts never change: the database
prepares them once. Parameters are the columns of the spine, as `:column`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from risk.facts.columns import STORED
from risk.features.compile import columns_read, expression, moment_of
from risk.features.many_valued import MANY, MANY_VALUED, ManyValued
from risk.features.presence import PRESENCES
from risk.features.source_columns import HIDDEN, SOURCES
from risk.features.sources import BOUND, GROUPS, TIES
from risk.features.spec import Measure
from risk.features.visibility import known_before, known_by

_SPINE = re.compile(r"\bs\.(\w+)")
_ROW = re.compile(r"\be\.(\w+)")

Arm = tuple[str, tuple[Measure, ...]]
"""A group and those of its measures that stand in one row."""


def arms(groups: Mapping[str, Sequence[Measure]], width: int) -> list[Arm]:
    """The groups as arms, those of the case itself cut into rows of at most `width`."""
    cut: list[Arm] = []
    for name, measures in groups.items():
        step = width if name == "case" else len(measures)
        cut += [
            (name, tuple(measures[i : i + step])) for i in range(0, len(measures), max(step, 1))
        ]
    return cut


def point_statement(chosen: Sequence[Arm], keys: int = 1) -> str:
    """One statement for all arms; a many-valued group reads `:skus_0` … for `keys` values."""
    width = max(len(measures) for _, measures in chosen)
    return "\nUNION ALL ".join(
        point_query(name, measures, keys, f"{number} AS arm, ", width)
        for number, (name, measures) in enumerate(chosen)
    )


def point_query(
    name: str, measures: Sequence[Measure], keys: int = 1, lead: str = "", width: int = 0
) -> str:
    """The measures of one group for one case, as one row.

    Conditions are evaluated where the rows are read, once for all measures that share one: past the
    bound a row is a copy, and SQLite copies a text again for every evaluation.
    """
    if len(measures) == 1 and measures[0].aggregate == "distinct" and GROUPS[name].skip:
        return _counted(name, measures[0], keys, lead, width)
    wheres = dict.fromkeys(m.where for m in measures if m.where and name != "case")
    flags = {where: f"holds_{i}" for i, where in enumerate(wheres)}
    since = _since(name, measures)
    short = [
        replace(
            m, where=f"e.{flags[m.where]}" if m.where in flags else m.where,
            window=None if m.window == since else m.window,
        )
        for m in measures
    ]  # fmt: skip
    outputs = [f"{_bound(expression(m))} AS m{i}" for i, m in enumerate(short)]
    selected = f"SELECT {lead}{_padded(outputs, width)}"
    if name == "case":
        return selected
    conditions = {flag: where for where, flag in flags.items()}
    if GROUPS[name].skip:
        conditions["kept"] = GROUPS[name].skip
    columns = sorted(set(_ROW.findall(" ".join(outputs))) - conditions.keys())
    read = [f"e.{c}" for c in columns] + [f"({_bound(w)}) AS {f}" for f, w in conditions.items()]
    kept = " WHERE e.kept" if GROUPS[name].skip else ""
    return f"{selected} FROM ({_rows(name, read, keys, since)}) e{kept}"


def _since(name: str, measures: Sequence[Measure]) -> int | None:
    """The longest window of a group of which every measure has one: no older row is read."""
    windows = [m.window for m in measures if m.window is not None]
    return max(windows) if len(windows) == len(measures) and not GROUPS[name].own else None


def _counted(name: str, measure: Measure, keys: int, lead: str, width: int) -> str:
    """The query of a group of which only different values are counted: one column a row is read."""
    condition = " AND ".join(f"({c})" for c in (GROUPS[name].skip, measure.where) if c)
    value = f"CASE WHEN {_bound(condition)} THEN {measure.value} END AS counted"
    output = _bound(expression(replace(measure, value="e.counted", where="")))
    read = [value] if measure.window is None else [value, "e.known_at"]
    rows = _rows(name, read, keys, measure.window)
    return f"SELECT {lead}{_padded([f'{output} AS m0'], width)} FROM ({rows}) e"


def _padded(outputs: Sequence[str], width: int) -> str:
    """The columns of a row, with empty ones up to a width."""
    empty = (f"CAST(NULL AS BIGINT) AS m{i}" for i in range(len(outputs), width))
    return ", ".join((*outputs, *empty))


def rows_query(name: str, measure: Measure, keys: int = 1) -> str:
    """The very rows that a measure counts, latest first, by `shown_columns`."""
    group = GROUPS[name]
    conditions = [f"({text})" for text in (group.skip, measure.where) if text]
    if measure.window is not None:
        conditions.append(f"e.known_at >= s.{moment_of(group)} - {measure.window}")
        conditions += ["e.known_at < s.as_of"] if group.own else []
    kept = _bound(" AND ".join(conditions) or "1 = 1")
    columns = shown_columns(name)
    read = sorted({*columns_read(group, [measure]), *columns})
    rows = _rows(name, [f"e.{c}" for c in read], keys, measure.window)
    return f"SELECT {', '.join(f'e.{c}' for c in columns)} FROM ({rows}) e WHERE {kept} ORDER BY 1 DESC"


def many_statement() -> str:
    """One statement giving (key, word, number) for the values of every many-valued key."""
    return " UNION ALL ".join(
        f"SELECT '{name}' AS mapping, k.* FROM ({_values(key)} ORDER BY 1, 2 LIMIT {MANY}) k"
        for name, key in MANY_VALUED.items()
    )


def presence_statement() -> str:
    """One statement giving (name, NULL, 1) for each of `PRESENCES` that the case has."""
    return " UNION ALL ".join(
        f"SELECT '{name}' AS mapping, CAST(NULL AS TEXT) AS word, CAST(1 AS BIGINT) AS number "
        f"WHERE {_bound(presence.condition)}"
        for name, presence in PRESENCES.items()
    )


def _values(key: ManyValued) -> str:
    """The values of one key: a text as `word`, a whole number as `number`."""
    types = {column.name: column.type for column in STORED[key.source]}
    value, nothing = f"e.{key.column}", ("CAST(NULL AS BIGINT)", "CAST(NULL AS TEXT)")
    pair = (value, nothing[0]) if types[key.column] == "text" else (nothing[1], value)
    return (
        f"SELECT DISTINCT {pair[0]} AS word, {pair[1]} AS number FROM {key.table} e "
        f"WHERE e.{key.of} = :{key.of} AND e.{key.column} IS NOT NULL AND {_bound(key.where)}"
    )


def shown_columns(name: str) -> tuple[str, ...]:
    """What a reader may see of a group's rows: no identity, no fingerprint, `known_at` first."""
    seen = SOURCES[GROUPS[name].source] - HIDDEN - {"known_at"}
    return ("known_at", *sorted(seen))


def _rows(name: str, read: Sequence[str], keys: int, since: int | None) -> str:
    """What is read of the latest `BOUND` visible rows of each of the case's entities.

    Where no measure counts rows known longer than `since` (ms) before, those are not read.
    """
    group = GROUPS[name]
    names = [f"{group.many}_{i}" for i in range(keys)] if group.many else group.keys
    columns = ", ".join(read) or "1"
    order = ", ".join(f"e.{c} DESC" for c in ("known_at", *TIES[group.source]))
    only = f" AND {group.only}" if group.only else ""
    only += f" AND e.{group.exact} = :{group.exact}" if group.exact else ""
    only += "" if since is None else f" AND e.known_at >= :{moment_of(group)} - {since}"
    seen = f":{group.seen}"
    visible = known_by("e", ":as_of", seen) if group.own else known_before("e", seen)
    return " UNION ALL ".join(
        f"SELECT * FROM (SELECT {columns} FROM {group.table} e WHERE e.{group.match} = :{key}"
        f"{only} AND {visible} ORDER BY {order} LIMIT {BOUND}) b{i}"
        for i, key in enumerate(names)
    )


def _bound(text: str) -> str:
    return _SPINE.sub(r":\1", text)
