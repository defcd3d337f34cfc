"""What a mapping leaves open, taken from a file: how it is written, how its columns are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from risk.facts import Kind
from training.facts.formats.foreign import header_columns, sample_of
from training.facts.formats.text_layout import encoding_of, separator_of
from training.facts.mapping.column_words import normal
from training.facts.mapping.mapping_file import Source

MOST_SKIPPED = 20
"""A header is looked for below at most so many lines: a title and notes may stand above it."""


def settled(source: Source, kind: Kind, path: Path) -> Source:
    """The source with the encoding, the separator and the number of lines above the header that it
    does not state, and with the names of columns as the file writes them."""
    first = None
    for one in _as_written(source, path):
        names, _ = header_columns(path, one.layout)
        found = _with_names(one, names)
        if not found.missing(kind, names):
            return found
        first = first or found
    return first or source


def lines_of(path: Path, encoding: str | None = None) -> tuple[str, list[str]]:
    """The encoding of a text file, and its first lines."""
    raw = sample_of(path)
    encoding = encoding or (encoding_of(raw) or "utf-8").lower()
    return encoding, raw.decode(encoding, "replace").removeprefix("\ufeff").splitlines() or [""]


def _as_written(source: Source, path: Path) -> Iterator[Source]:
    """The source with each number of lines that may stand above the header."""
    tried = range(MOST_SKIPPED) if source.skip is None else [source.skip]
    if path.suffix in (".xlsx", ".parquet"):
        yield from (source.model_copy(update={"skip": skip}) for skip in tried)
        return
    encoding, lines = lines_of(path, source.encoding)
    for skip in tried:
        header = lines[skip] if skip < len(lines) else ""
        separator = source.separator or separator_of(header)
        layout = {"encoding": encoding, "separator": separator, "skip": skip}
        yield source.model_copy(update=layout)


def _with_names(source: Source, names: Sequence[str]) -> Source:
    """The source with columns named as in a file, where case, blanks and marks differ."""
    by = {normal(name): name for name in reversed(names)}
    wanted = {name: by[normal(name)] for name in source.used()
              if name not in names and normal(name) in by}  # fmt: skip
    return _renamed(source, wanted) if wanted else source


def _renamed(source: Source, names: Mapping[str, str]) -> Source:
    def of(given: Sequence[str]) -> list[str]:
        return [names.get(name, name) for name in given]

    lists = ("columns", "join", "product", "plus", "minus", "first", "apart")
    rules = {
        field: rule.model_copy(
            update={**{one: of(getattr(rule, one)) for one in lists},
                    "number": names.get(rule.number or "", rule.number),
                    "within": names.get(rule.within or "", rule.within)}
        )
        for field, rule in source.columns.items()
    }  # fmt: skip
    only = [
        one.model_copy(update={"column": names.get(one.column, one.column)}) for one in source.only
    ]
    within = names.get(source.carry_within, source.carry_within)
    changed = {"columns": rules, "only": only, "carry": of(source.carry), "carry_within": within}
    return source.model_copy(update=changed)
