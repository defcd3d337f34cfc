"""Rows of an export → rows of the contract, by a mapping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from risk.facts import Field, Kind
from risk.facts.parse import is_empty
from training.facts.formats.raw_rows import Chunk
from training.facts.mapping.mapping_file import ColumnRule, Condition, Source
from training.facts.mapping.translate import (
    FLAGS,
    Translate,
    as_number,
    as_time,
    by_table,
    clean_id,
    is_masked,
    is_nobody,
    number,
)

Row = dict[str, Any]


@dataclass(slots=True)
class MappedRows:
    """Translates the rows of one file; it remembers what carries over from row to row."""

    kind: Kind
    source: Source
    carried: Row = field(default_factory=dict)
    within: Any = None
    numbers: dict[str, Counter[Any]] = field(default_factory=dict)
    sharing: dict[tuple[str, Any], list[tuple[Any, ...]]] = field(default_factory=dict)
    persons: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.persons = {f.name: f.identity for f in self.kind.fields if f.identity}
        self.persons["customer_id"] = "customer"

    def chunks(self, raw: Iterator[Chunk]) -> Iterator[Chunk]:
        """The chunks of an export as chunks of the contract."""
        translate = {f.name: self._translate(f) for f in self.kind.fields}
        for chunk in raw:
            rows = [
                (line, row)
                for line, row in zip(chunk.lines, _rows(chunk), strict=True)
                if self._read(row)
            ]
            columns: dict[str, Sequence[Any]] = {}
            for name, rule in self.source.columns.items():
                made = partial(self._distinct if rule.apart else self._value, name, rule)
                columns[name] = [translate[name](made(row)) for _, row in rows]
            yield Chunk(columns, [line for line, _ in rows], chunk.bad)

    def _read(self, row: Row) -> bool:
        """Carry over what only the first row of a group says; whether the row is wanted."""
        if self.source.carry:
            self._carry(row)
        return all(_holds(condition, row, self.source.decimal) for condition in self.source.only)

    def _carry(self, row: Row) -> None:
        if (within := row.get(self.source.carry_within)) != self.within:
            self.within, self.carried = within, {}
        for name in self.source.carry:
            if is_empty(row.get(name)):
                row[name] = self.carried.get(name)
            else:
                self.carried[name] = row[name]

    def _distinct(self, name: str, rule: ColumnRule, row: Row) -> Any:
        """The value, with its place among rows that share it and differ elsewhere."""
        value = self._value(name, rule, row)
        if _blank(value):
            return value
        known = self.sharing.setdefault((name, value), [])
        apart = tuple(row.get(column) for column in rule.apart)
        if apart not in known:
            known.append(apart)
        place = known.index(apart) + 1
        return value if place == 1 else f"{clean_id(value)} {place}"

    def _value(self, name: str, rule: ColumnRule, row: Row) -> Any:
        if rule.value is not None:
            return rule.value
        if rule.number:
            return str(self._place(name, row.get(rule.number)))
        if rule.join:
            return None if self._of_nobody(name, rule.join, row) else _joined(rule, row)
        if rule.product or rule.plus or rule.minus or rule.absolute or rule.first:
            first = rule.within and self._place(name, row.get(rule.within)) == 1
            return _amount(rule, row, self.source.decimal, rule.first if first else ())
        given = (c for c in rule.columns if not _blank(row.get(c)))
        return next((row[c] for c in given if not self._of_nobody(name, [c], row)), None)

    def _place(self, name: str, shared: Any) -> int:
        """The place of this row among those with the same value of a column."""
        counter = self.numbers.setdefault(name, Counter())
        counter[shared] += 1
        return counter[shared]

    def _of_nobody(self, name: str, columns: Sequence[str], row: Row) -> bool:
        """Whether one of the columns of a person names nobody."""
        if name not in self.persons:
            return False
        unknown = is_masked if self.persons[name] == "address" else is_nobody
        return any(unknown(given) for c in columns if not _blank(given := row.get(c)))

    def _translate(self, of: Field) -> Translate:
        """How the values of a field are translated; empty ones only where the table says so."""
        table = self.source.values.get(of.name, {})
        steps = [_by_type(of, self.source)]
        if of.type == "flag" or table:
            steps.append(by_table({**FLAGS, **table} if of.type == "flag" else table))

        def translate(value: Any) -> Any:
            if _blank(value):
                return table.get("")
            for step in steps:
                value = step(value)
            return value

        return translate


def _joined(rule: ColumnRule, row: Row) -> str:
    given = [str(row[column]) for column in rule.join if not _blank(row.get(column))]
    return rule.between.join(map(str.strip, given))


def _by_type(of: Field, source: Source) -> Translate:
    made: Mapping[str, Callable[[], Translate]] = {
        "id": lambda: clean_id,
        "time": lambda: as_time(source.zone, source.time_formats),
        "money": lambda: as_number(source.decimal),
        "count": lambda: as_number(source.decimal),
        "grams": lambda: as_number(source.decimal),
        "share": lambda: as_number(source.decimal),
    }
    return made[of.type]() if of.type in made else _as_text


def _as_text(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _rows(chunk: Chunk) -> Iterator[Row]:
    names = list(chunk.columns)
    for values in zip(*chunk.columns.values(), strict=True):
        yield dict(zip(names, values, strict=True))


def _blank(value: Any) -> bool:
    return is_empty(value) or (isinstance(value, str) and value.strip() in ("", "-", "--"))


def _holds(condition: Condition, row: Row, decimal: str) -> bool:
    value = row.get(condition.column)
    if _blank(value):
        return False
    text = str(value).strip().casefold()
    if condition.is_:
        return text in {one.casefold() for one in condition.is_}
    if condition.contains:
        return any(one.casefold() in text for one in condition.contains)
    if condition.above is not None:
        found = number(value, decimal)
        return found is not None and found > Decimal(str(condition.above))
    return True


def _amount(rule: ColumnRule, row: Row, decimal: str, more: Sequence[str]) -> Any:
    """The product of columns (or the first of them), plus `more`, plus and minus others; the raw
    value where one that is needed is no number."""
    if rule.columns:
        given = [next((row[c] for c in rule.columns if not _blank(row.get(c))), None)]
    else:
        given = [row.get(column) for column in rule.product]
    found = Decimal(1)
    for value in given:
        factor = number(value, decimal)
        if factor is None:
            return value
        found *= factor
    for sign, columns in ((1, [*rule.plus, *more]), (-1, rule.minus)):
        found += sign * sum((number(row.get(c) or 0, decimal) or Decimal(0) for c in columns),
                            Decimal(0))  # fmt: skip
    return abs(found) if rule.absolute else found
