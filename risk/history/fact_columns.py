"""The door: parsed facts → the columns that are stored, with nothing raw of an identity left.

Identities become keyed hashes, wording becomes numbers and fingerprints, the key and the content
of each fact become digests that tell a repetition from a contradiction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from risk.facts import KINDS, Field, Kind
from risk.facts.parse import Columns
from risk.identity import Hasher
from risk.text import read, topics

ColumnType = Literal["text", "integer", "real"]

TEXT_COLUMNS = (
    "text_length", "specificity", "hedging", "contradiction", "irrelevance", "story", "agitated",
    "topics",
    "text_exact", "near_1", "near_2", "near_3",
)  # fmt: skip
"""What the wording of a request becomes; never part of a fact's content."""

_REAL = ("share",)
_TEXTUAL = ("id", "text", "choice")


@dataclass(frozen=True, slots=True)
class Column:
    """A stored column: its name, type, and the field it comes from (empty: made at the door)."""

    name: str
    type: ColumnType
    field: str = ""


def _columns_of(field: Field) -> list[Column]:
    if field.identity == "address":
        return [Column("address", "integer", field.name), Column("door", "integer")]
    if field.identity:
        return [Column(field.identity, "integer", field.name)]
    kind: ColumnType = (
        "text" if field.type in _TEXTUAL else "real" if field.type in _REAL else "integer"
    )
    return [Column(field.name, kind, field.name)]


def _stored(kind: Kind) -> tuple[Column, ...]:
    columns = [Column("fact_key", "integer"), Column("content", "integer")]
    columns += [column for field in kind.fields for column in _columns_of(field)]
    if kind.name == "refunds":
        columns += [Column(name, "integer") for name in TEXT_COLUMNS]
    if kind.name == "orders":
        columns.append(Column("topics", "integer"))
    return tuple(columns)


STORED: dict[str, tuple[Column, ...]] = {name: _stored(kind) for name, kind in KINDS.items()}
"""The columns of each fact table, in order."""


def take_in(kind: Kind, parsed: Columns, hasher: Hasher) -> Columns:
    """Parsed columns → stored columns, all of the same length; the forgotten are taken out."""
    parsed = hasher.forgotten.conceal(kind, parsed)
    stored: Columns = {}
    for field in kind.fields:
        values = parsed[field.name]
        if not field.identity:
            stored[field.name] = values
            continue
        for entity in (
            (field.identity, "door") if field.identity == "address" else (field.identity,)
        ):
            stored[entity] = [value and hasher.of(entity, value) for value in values]
    digest(kind, stored)
    if kind.name == "refunds":
        stored.update(_wording(parsed, hasher))
    if kind.name == "orders":
        stored["topics"] = [topics(category) for category in parsed["category"]]
    return stored


def digest(kind: Kind, stored: Columns) -> None:
    """Add to stored columns the digests of each fact's key (`fact_key`) and of its `content`."""
    own = [c.name for c in STORED[kind.name] if c.field]
    keys = [c.name for c in STORED[kind.name] if c.field in kind.key]
    content = [name for name in own if name not in keys and name != "known_at"]
    stored["fact_key"] = _digests(kind.name, [stored[name] for name in keys])
    stored["content"] = _digests("content", [stored[name] for name in content])


def _digests(what: str, columns: Sequence[Sequence[Any]]) -> list[int]:
    """One signed 64-bit digest a row, over a rendering in which no two rows of values agree."""
    start = hashlib.blake2b(what.encode(), digest_size=8)
    digests = []
    for row in zip(*columns, strict=True):
        state = start.copy()
        state.update(repr(row).encode("utf-8", "surrogatepass"))
        digests.append(int.from_bytes(state.digest(), "big", signed=True))
    return digests


def _wording(parsed: Columns, hasher: Hasher) -> Columns:
    columns: Columns = {name: [] for name in TEXT_COLUMNS}
    append: dict[str, Callable[[Any], None]] = {n: c.append for n, c in columns.items()}
    rows = zip(
        parsed["reason_text"], parsed["reason_code"], parsed["type"], parsed["claims_received"],
        strict=True,
    )  # fmt: skip
    for text, reason_code, kind, received in rows:
        wording = read(
            text,
            reason_code=reason_code or "other",
            type=kind or "",
            claims_received=None if received is None else bool(received),
            category=None,
        )
        append["text_length"](wording.length)
        append["text_exact"](hasher.of("text", wording.exact))
        for name in ("specificity", "hedging", "contradiction", "irrelevance", "story", "topics"):
            append[name](getattr(wording, name))
        append["agitated"](int(bool(wording.agitated)))
        near = (*wording.near, None, None, None)
        for i in range(3):
            append[f"near_{i + 1}"](hasher.of("text", near[i]))
    return columns
