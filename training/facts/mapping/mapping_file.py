"""A mapping file in TOML: of each kind its files, how they are written, and its columns."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Collection, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from risk.errors import BadInput, Problem
from risk.facts import INCOMING, Kind
from training.facts.formats.raw_rows import Layout


def _as_list(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


Names = Annotated[list[str], BeforeValidator(_as_list)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnRule(_Section):
    """How the value of a field is made of the columns of a row.

    `columns`: the first of them that is not empty. `join`: all that are not empty, with `between`.
    `value`: always the same. `product` of columns, plus and minus others: an amount. `number`: the
    place of the row among those with the same value there. `absolute`: without its sign. `apart`:
    rows that share the value and differ in one of these columns are no contradiction; from the
    second on their place is added to it. `first` is added in the first
    row of each `within`: what an order costs once and all of its rows repeat, such as delivery.
    """

    columns: Names = []
    join: Names = []
    between: str = " "
    value: str | None = None
    product: Names = []
    plus: Names = []
    minus: Names = []
    number: str | None = None
    absolute: bool = False
    apart: Names = []
    first: Names = []
    within: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> ColumnRule:
        given = [bool(self.columns), bool(self.join), self.value is not None, bool(self.product),
                 self.number is not None]  # fmt: skip
        if sum(given) != 1:
            raise ValueError("exactly one of columns, join, value, product, number is needed")
        if bool(self.first) != bool(self.within):
            raise ValueError("first and within belong together")
        return self

    def used(self) -> list[str]:
        """The columns that it reads."""
        number = [name for name in (self.number, self.within) if name]
        amounts = [*self.product, *self.plus, *self.minus, *self.first]
        return [*self.columns, *self.join, *amounts, *self.apart, *number]


class Condition(_Section):
    """Which rows are read: where the column holds one of `is`, a text with one of `contains`, a
    number above `above`, or anything (`given`)."""

    column: str
    is_: Names = Field([], alias="is")
    contains: Names = []
    above: float | None = None
    given: bool = False


def _as_rule(given: Any) -> Any:
    return {"columns": given} if isinstance(given, str | list) else given


def _as_conditions(given: Any) -> Any:
    return [given] if isinstance(given, dict) else given


class Source(_Section):
    """One or several files of one form that hold facts of a kind.

    What is not stated of `encoding`, `separator` and `skip` (lines above the header) is taken from
    each file. `zone` is the time zone of times that state none, `time_formats` are those of
    `strptime`.
    `carry` are columns that only the first row of each `carry_within` fills in. `values` translates
    the values of a field; a key that begins with ~ is contained in them, * is any other, an empty
    one stands for empty values.
    """

    files: Names
    encoding: str | None = None
    separator: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    sheet: str | None = None
    skip: Annotated[int, Field(ge=0)] | None = None
    decimal: Annotated[str, Field(pattern="^[.,]$")] = "."
    zone: str | None = None
    time_formats: Names = []
    carry: Names = []
    carry_within: str = ""
    only: Annotated[list[Condition], BeforeValidator(_as_conditions)] = []
    columns: dict[str, Annotated[ColumnRule, BeforeValidator(_as_rule)]]
    values: dict[str, dict[str, str]] = {}

    @model_validator(mode="after")
    def _known(self) -> Source:
        try:
            codecs.lookup(self.encoding or "utf-8")
            ZoneInfo(self.zone or "UTC")
        except LookupError as error:
            raise ValueError(str(error)) from error
        return self

    @property
    def layout(self) -> Layout:
        """How its files are written, as far as it is stated."""
        return Layout(self.encoding or "utf-8", self.separator or ",", self.sheet, self.skip or 0)

    def used(self) -> list[str]:
        """The columns that it reads, each once."""
        rules = [name for rule in self.columns.values() for name in rule.used()]
        conditions = [condition.column for condition in self.only]
        within = [self.carry_within] if self.carry else []
        return list(dict.fromkeys([*rules, *conditions, *self.carry, *within]))

    def missing(self, kind: Kind, names: Collection[str]) -> list[str]:
        """What of a file's columns is missing so that no row can be read: of a required field all
        that it may be made of, or of a condition."""
        needed = [[one.column] for one in self.only]
        for field in kind.fields:
            if field.required and (rule := self.columns.get(field.name)):
                needed += [rule.columns or rule.join, *([name] for name in rule.product)]
        lacking = [" or ".join(some) for some in needed if some and not set(some) & set(names)]
        return list(dict.fromkeys(lacking))


def _as_sources(given: Any) -> Any:
    return [given] if isinstance(given, dict) else given


class _File(_Section):
    kinds: dict[str, Annotated[list[Source], BeforeValidator(_as_sources)]]


FileMapping = Mapping[str, Sequence[Source]]
"""The sources of each kind."""


def shipped() -> list[str]:
    """The names of the mappings that come with the product."""
    folder = resources.files("training.facts.mapping.shipped")
    names = (entry.name for entry in folder.iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def mapping_text(name: str) -> str:
    """The text of a mapping that is shipped, or of a file. Raises BadInput where there is none."""
    if name in shipped():
        folder = resources.files("training.facts.mapping.shipped")
        return (folder / f"{name}.toml").read_text(encoding="utf-8")
    if not Path(name).is_file():
        expected = f"a mapping file, or one of {', '.join(shipped())}"
        raise BadInput([Problem(name, None, None, expected, "none")])
    return Path(name).read_text(encoding="utf-8")


def load_mapping(name: str) -> FileMapping:
    """The mapping of a name. Raises BadInput with every fault of it."""
    try:
        given = tomllib.loads(mapping_text(name))
        found = _File.model_validate({"kinds": given}).kinds
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput([Problem(name, None, None, "a mapping in TOML", str(error))]) from error
    except ValidationError as error:
        problems = [
            Problem(name, None, ".".join(map(str, one["loc"][1:])), one["msg"], "")
            for one in error.errors()
        ]
        raise BadInput(problems) from error
    _check_names(name, found)
    return found


def _check_names(name: str, found: FileMapping) -> None:
    """Refuse kinds and fields that the contract does not have."""
    problems = []
    for kind, sources in found.items():
        if kind not in INCOMING:
            problems.append(Problem(name, None, kind, f"a kind: {', '.join(INCOMING)}"))
            continue
        fields = {field.name for field in INCOMING[kind].fields}
        for source in sources:
            wrong = [*(set(source.columns) | set(source.values)) - fields]
            problems += [
                Problem(name, None, f"{kind}.{field}", f"a field of {kind}") for field in wrong
            ]
    if problems:
        raise BadInput(problems)
