"""How a kind of fact is described: its fields, its key, and where its facts come in.

Tables, parsers, the API, imports, features and erasure all derive from these descriptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

FieldType = Literal[
    "id", "text", "choice", "time", "money", "count", "grams", "flag", "share", "key"
]

MAX_ID = 200
MAX_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a fact as the outside world writes it.

    `identity` names the kind of entity the value points at: such a value is hashed on arrival and
    its raw form is never stored. `least` and `most` bound a count. `part_of` names the amount that
    this one is a part of. `later` marks a field that facts were stored without: it is part of a
    fact's content only where it holds something else than its default. `private` marks what goes
    with a forgotten person although it is neither an identity nor free text.
    """

    name: str
    type: FieldType
    doc: str
    required: bool = False
    default: str | int | None = None
    choices: tuple[str, ...] = ()
    identity: str | None = None
    limit: int = MAX_ID
    example: str | bool | int | None = None
    least: int = 0
    most: int = 10**9
    part_of: str = ""
    later: bool = False
    private: bool = False

    @property
    def is_free_text(self) -> bool:
        """Whether somebody's own words are stored: they go after a while, or with the person."""
        return self.type == "text" and self.identity is None


@dataclass(frozen=True)
class Kind:
    """One kind of fact.

    `key` are the fields that identify a fact, `event_time` the field that says when it happened.
    `about` are the fields that name what it is about, the nearest first: a request or an order.
    `schema` and `summary` name a fact and its call in OpenAPI, `scope` is what the call needs.
    `member` is the part of a scoring body that holds such facts (`single`: one, not a list), empty
    where there is none. `submitted`: callers and folders bring such facts; else the service makes
    them itself.
    """

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    event_time: str
    about: tuple[str, ...]
    schema: str
    summary: str
    scope: Literal["ingest", "outcomes", "admin"] = "ingest"
    member: str = ""
    single: bool = False
    submitted: bool = True

    def field(self, name: str) -> Field:
        """The field of this name. Raises StopIteration where there is none."""
        return next(f for f in self.fields if f.name == name)

    def subject(self) -> str:
        """The field by which a fact most often says what it is about; empty where it has none."""
        return self.about[0] if self.about else ""

    @property
    def path(self) -> str:
        """The path of the call that takes such facts."""
        return "/v1/" + self.name.replace("_", "-")

    @cached_property
    def parts(self) -> tuple[Field, ...]:
        """The fields that are parts of an amount."""
        return tuple(f for f in self.fields if f.part_of)

    @cached_property
    def needs_subject(self) -> bool:
        """Whether no field for what a fact is about is required, so that one of several must be."""
        return bool(self.about) and not any(self.field(name).required for name in self.about)

    @cached_property
    def personal(self) -> tuple[str, ...]:
        """The fields that go with a person who is forgotten; what is part of the key stays."""
        going = (f.name for f in self.fields if f.identity or f.is_free_text or f.private)
        return tuple(name for name in going if name not in self.key)

    @cached_property
    def free_text(self) -> tuple[str, ...]:
        """The fields that hold somebody's own words."""
        return tuple(f.name for f in self.fields if f.is_free_text)
