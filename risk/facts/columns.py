"""The columns a fact is stored in: fields, hashes instead of identities, measures of wording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from risk.facts.fields import Field, Kind
from risk.facts.records import RECORDS, RETRACTIONS

ColumnType = Literal["text", "integer", "real"]

TEXT_COLUMNS = (
    "text_length", "specificity", "hedging", "contradiction", "irrelevance", "story", "agitated",
    "topics",
    "text_exact", "near_1", "near_2", "near_3", "words",
)  # fmt: skip
"""What the wording of a request becomes; never part of a fact's content."""

WORDS = "words"
"""The keyed buckets of a text's content, four hexadecimal digits each, in rising order: kept when
the text goes after a while, deleted with the person."""

NEARNESS = ("picture", "copied")
"""Of a file: the number of its picture, which all files near the first one share, and that number
again where an earlier file has it. Settled when the file is taken in; never part of its content."""

INTERVAL = ("corrects", "valid_from", "valid_to")
"""Of which fact a row is a later revision (its `fact_key`), and when it counts: kept by the store,
made of the revisions and retractions alone (`facts.revisions`)."""

_TEXT_ENTITIES = ("text_exact", "near_1", "near_2", "near_3")
_REAL = ("share",)
_TEXTUAL = ("id", "text", "choice")


@dataclass(frozen=True, slots=True)
class Column:
    """A stored column: its name, type, and the field it comes from (empty: made on arrival).

    `entity` is the kind of entity whose hash it holds, empty for any other column. `default` is
    what rows hold that were stored before the column was added, and `later` says it was.
    """

    name: str
    type: ColumnType
    field: str = ""
    entity: str = ""
    default: str | int | None = None
    later: bool = False


def _columns_of(field: Field) -> list[Column]:
    if field.identity == "address":
        door = Column("door", "integer", entity="door")
        return [Column("address", "integer", field.name, "address"), door]
    if field.type == "key":
        return [Column("target", "integer", field.name), Column(field.name, "text")]
    if field.identity:
        return [Column(field.identity, "integer", field.name, field.identity)]
    kind: ColumnType = (
        "text" if field.type in _TEXTUAL else "real" if field.type in _REAL else "integer"
    )
    return [Column(field.name, kind, field.name, default=field.default, later=field.later)]


def _stored(kind: Kind) -> tuple[Column, ...]:
    columns = [Column("fact_key", "integer"), Column("content", "integer")]
    columns += [column for field in kind.fields for column in _columns_of(field)]
    if kind.name == "refunds":
        columns += [
            Column(
                name,
                "text" if name == WORDS else "integer",
                entity="text" if name in _TEXT_ENTITIES else "",
            )
            for name in TEXT_COLUMNS
        ]
    if kind.name == "orders":
        columns.append(Column("topics", "integer"))
    if kind.name == "files":
        columns += [Column(name, "integer") for name in NEARNESS]
    if kind is RETRACTIONS:
        return tuple(columns)
    return (*columns, *(Column(name, "integer") for name in INTERVAL))


STORED: dict[str, tuple[Column, ...]] = {name: _stored(kind) for name, kind in RECORDS.items()}
"""The columns of each fact table, in order."""
