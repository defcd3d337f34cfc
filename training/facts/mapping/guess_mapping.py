"""A first mapping for a folder of exports, guessed from their columns and values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from risk.errors import BadInput, Problem
from risk.facts import SUBMITTED, Kind
from training.facts.folder import raw_chunks
from training.facts.formats.foreign import header_columns
from training.facts.formats.raw_rows import DAMAGE, Layout
from training.facts.formats.text_layout import separator_of
from training.facts.mapping.column_words import REASONS, WORDS, normal
from training.facts.mapping.mapping_file import ColumnRule, Source, load_mapping, shipped
from training.facts.mapping.settle_source import MOST_SKIPPED, lines_of
from training.facts.mapping.toml_text import source_text
from training.facts.mapping.translate import FLAGS, by_table

TABLES = (".csv", ".csv.gz", ".tsv", ".txt", ".xlsx", ".parquet")
SAMPLE_ROWS = 200
MOST_VALUES = 40
ENOUGH = 2
"""At least so many required columns of a kind must be found to take a file for one of it."""

MOST = 0.6
"""At least such a share of the fields of a shipped mapping must be found to use it."""

_COMMA = re.compile(r"\d,\d{1,2}\D*$")
_OFFSET = re.compile(r"(Z|[+-]\d\d:?\d\d)$")


@dataclass(frozen=True, slots=True)
class Export:
    """A file of a folder: its name, how it is written, its columns and its first rows."""

    name: str
    layout: Layout
    columns: Sequence[str]
    rows: Mapping[str, Sequence[Any]]


def guess_mapping(folder: Path) -> str:
    """The text of a mapping for the files of a folder. Raises BadInput where none is known."""
    if not folder.is_dir():
        raise BadInput([Problem(str(folder), None, None, "a folder of exports", "none")])
    parts: list[str] = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name.endswith(TABLES):
            parts += _sources(_export(path))
    if not parts:
        names = ", ".join(sorted(path.name for path in folder.iterdir())) or "none"
        expected = "tables with columns such as an order's number, a customer, a date, an amount"
        raise BadInput([Problem(str(folder), None, None, expected, names)])
    head = "# A first mapping, guessed from the files: check it, then\n"
    return head + f"# refund-risk import --check {folder} --mapping FILE\n\n" + "\n".join(parts)


def _export(path: Path) -> Export:
    try:
        layout = _layout(path)
        columns, _ = header_columns(path, layout)
        types = dict.fromkeys((name for name in columns if name), "id")
        chunk = next(raw_chunks(path, layout, types, SAMPLE_ROWS), None)
    except DAMAGE as error:
        raise BadInput([Problem(path.name, None, None, "a readable file", str(error))]) from error
    return Export(path.name, layout, columns, chunk.columns if chunk else {})


def _layout(path: Path) -> Layout:
    """How a file is written: its header is the first row with columns that are known."""
    written, lines = Layout(), [""] * MOST_SKIPPED
    if path.suffix not in (".xlsx", ".parquet"):
        encoding, lines = lines_of(path)
        written = Layout(encoding)
    tried = [
        replace(written, separator=separator_of(line) if line else ",", skip=skip)
        for skip, line in enumerate(lines[:MOST_SKIPPED])
    ]
    known = _known_names()
    for layout in tried:
        if len(known & set(map(normal, header_columns(path, layout)[0]))) >= ENOUGH:
            return layout
    return tried[int(lines[0].lower().strip('"').startswith("sep=")) % len(tried)]


@cache
def _known_names() -> frozenset[str]:
    """How the contract, the words of exports and the shipped mappings name columns."""
    fields = {field.name for kind in SUBMITTED.values() for field in kind.fields}
    words = {word for words in WORDS.values() for word in words}
    sources = (one for name in shipped() for some in load_mapping(name).values() for one in some)
    columns = {name for source in sources for name in source.used()}
    return frozenset(map(normal, fields | words | columns))


def _sources(export: Export) -> Iterator[str]:
    """The parts of the mapping for one file: as of a known export, else by its column names."""
    known = list(_shipped(export))
    if known:
        yield from known
        return
    found = {kind.name: _columns(kind, export.columns) for kind in SUBMITTED.values()}
    best = max(SUBMITTED.values(), key=lambda kind: _fit(kind, found[kind.name]))
    if _required(best, found[best.name]) >= ENOUGH:
        yield _guessed(best, export, found[best.name])


def _shipped(export: Export) -> Iterator[str]:
    """The sources of the one group of files of a shipped mapping that fits best."""
    fitting: dict[tuple[str, ...], list[tuple[str, Source]]] = {}
    for name in shipped():
        for kind, sources in load_mapping(name).items():
            for source in sources:
                if _fits(SUBMITTED[kind], source, export):
                    fitting.setdefault((name, *source.files), []).append((kind, source))
    if not fitting:
        return
    best = max(fitting, key=lambda group: sum(_used(s, export) for _, s in fitting[group]))
    for kind, source in fitting[best]:
        layout = {"encoding": export.layout.encoding, "separator": export.layout.separator,
                  "skip": export.layout.skip}  # fmt: skip
        own = source.model_copy(update={"files": [export.name], **layout})
        yield f"# as of the mapping `{best[0]}`\n{source_text(kind, own)}"


def _used(source: Source, export: Export) -> int:
    return len(set(map(normal, source.used())) & set(map(normal, export.columns)))


def _fits(kind: Kind, source: Source, export: Export) -> bool:
    """Whether every required field of the kind, and most of all, can be made of the columns."""
    names = set(map(normal, export.columns))
    required = {field.name for field in kind.fields if field.required}
    made = {name for name, rule in source.columns.items() if _makes(rule, names)}
    known = all(normal(condition.column) in names for condition in source.only)
    return known and required <= made and len(made) >= MOST * len(source.columns)


def _makes(rule: ColumnRule, names: set[str]) -> bool:
    if rule.columns or rule.join:
        return not names.isdisjoint(map(normal, [*rule.columns, *rule.join]))
    needed = set(rule.used()) - {*rule.plus, *rule.minus, *rule.first, *rule.apart}
    return set(map(normal, needed)) <= names


def _columns(kind: Kind, names: Sequence[str]) -> dict[str, str]:
    """The columns that are named as fields of the kind are."""
    by_word = {normal(name): name for name in reversed(names) if name}
    found: dict[str, str] = {}
    for field in kind.fields:
        words = (normal(field.name), *WORDS.get(field.name, ()))
        match = next((by_word[w] for w in words if w in by_word), None)
        if match is not None and match not in found.values():
            found[field.name] = match
    return found


def _required(kind: Kind, found: Mapping[str, str]) -> int:
    return sum(field.required and field.name in found for field in kind.fields)


def _fit(kind: Kind, found: Mapping[str, str]) -> tuple[float, int]:
    needed = sum(field.required for field in kind.fields)
    return _required(kind, found) / needed, len(found)


def _guessed(kind: Kind, export: Export, found: Mapping[str, str]) -> str:
    values = {f.name: _table(f.type, f.choices, export.rows.get(found[f.name], ()))
              for f in kind.fields if f.name in found}  # fmt: skip
    money = [v for f in kind.fields if f.type == "money" and f.name in found
             for v in export.rows.get(found[f.name], ())]  # fmt: skip
    source = Source(
        files=[export.name],
        encoding=export.layout.encoding,
        separator=export.layout.separator,
        skip=export.layout.skip,
        decimal="," if any(_COMMA.search(str(value)) for value in money) else ".",
        columns={name: ColumnRule(columns=[column]) for name, column in found.items()},
        values={name: table for name, table in values.items() if table},
    )
    return source_text(kind.name, source, list(_comments(kind, export, found)))


def _comments(kind: Kind, export: Export, found: Mapping[str, str]) -> Iterator[str]:
    times = [str(v) for f in kind.fields if f.type == "time" and f.name in found
             for v in export.rows.get(found[f.name], ()) if v not in (None, "")]  # fmt: skip
    if times and not all(_OFFSET.search(value) for value in times):
        yield 'times state no zone: write the one they are in, such as zone = "Asia/Shanghai"'
    for field in kind.fields:
        if field.required and field.name not in found:
            yield f"required, and not found: {field.name} ({field.doc})"
    if unused := [name for name in export.columns if name and name not in found.values()]:
        yield f"not used: {', '.join(unused)}"


def _table(kind: str, choices: Sequence[str], values: Sequence[Any]) -> dict[str, str]:
    """A table for the values of a choice or flag that are none of the contract's."""
    different = dict.fromkeys(str(v).strip() for v in values if v not in (None, ""))
    if kind == "flag":
        return {v: "" for v in islice(different, MOST_VALUES) if v.casefold() not in FLAGS}
    if kind != "choice":
        return {}
    guess = by_table({**{one: one for one in choices}, **REASONS}) if "other" in choices else None
    unknown = [value for value in different if value not in choices][:MOST_VALUES]
    return {value: str(guess(value)) if guess else "" for value in unknown}
