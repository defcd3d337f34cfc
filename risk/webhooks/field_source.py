"""Field sources: where one value of a fact comes from in a message, and what is done to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


class TablePart(BaseModel):
    """A part of a mapping table; what it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _several(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


Paths = Annotated[tuple[str, ...], BeforeValidator(_several)]
"""One path, or several that are tried in turn."""

Filter = dict[str, Paths]
"""By path: the texts of which the value there must be one."""


def as_source(given: Any) -> Any:
    """A source as a table writes it: a string is a path, a list is of sources tried in turn."""
    if isinstance(given, str):
        return {"path": (given,)}
    if isinstance(given, list):
        return {"first": tuple(as_source(one) for one in given)}
    return given


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError(f"there is no time zone {zone}") from None


class SumOver(TablePart):
    """The sum of a number over the members of a list that a filter lets through."""

    each: str
    of: str
    where: Filter = Field(default_factory=dict)


class OrderLines(TablePart):
    """Returned lines: a list with the line's id and how many pieces come back."""

    each: str
    line_id: str
    quantity: str = ""


class FieldSource(TablePart):
    """Where one value comes from and what is done to it, in the order of these members.

    Each of `first` is tried in turn. A number is multiplied with `per`, then `plus` and `minus` are
    added and taken away, then it is multiplied with `times` or read as minor units of the currency
    at `minor`.
    """

    first: tuple[FieldSource, ...] = ()
    path: Paths = ()
    value: str | None = None
    sum: SumOver | None = None
    stored_lines: OrderLines | None = None
    stored: bool = False
    received: bool = False
    only_one: str | None = None
    empty: Paths = ()
    per: str | None = None
    plus: tuple[Annotated[FieldSource, BeforeValidator(as_source)], ...] = ()
    minus: tuple[Annotated[FieldSource, BeforeValidator(as_source)], ...] = ()
    times: Decimal | None = None
    minor: str | None = None
    map: str | None = None
    unix: Literal["s", "ms"] | None = None
    zone: str | None = None
    flag: bool = False
    digest: bool = False
    format: str | None = None
    default: str | None = None
    optional: bool = False

    @model_validator(mode="after")
    def _whole(self) -> FieldSource:
        origins = (
            bool(self.first), bool(self.path), self.value is not None, self.sum is not None,
            self.stored_lines is not None,
        )  # fmt: skip
        alone = self.stored or self.received
        if sum(origins) > 1 or not (any(origins) or alone):
            raise ValueError(
                "a source has one of path, value, sum, stored_lines and first, or is `stored` or "
                "`received`"
            )
        if self.value is not None and alone:
            raise ValueError("a value is always there: it needs no `received` or `stored`")
        if self.zone:
            _check_zone(self.zone)
        return self

    @property
    def maps(self) -> frozenset[str]:
        """The tables of `maps` that it uses."""
        inner = (*self.first, *self.plus, *self.minus)
        own = {self.map} if self.map is not None else set()
        return frozenset(own.union(*(source.maps for source in inner)))


Source = Annotated[FieldSource, BeforeValidator(as_source)]
