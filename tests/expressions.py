"""The little SQL in which the catalogue speaks, read by plain Python with SQL's unknown.

`compiled("e.amount > 5 AND s.line_id IS NULL")` answers a function of (e, s), two mappings; None is
unknown. Anything outside the grammar raises ValueError, so the catalogue cannot outgrow the tests.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

Row = Mapping[str, Any]
Value = Callable[[Row, Row], Any]

_TOKEN = re.compile(r"\s*(?:(?P<text>'[^']*')|(?P<number>\d+)|(?P<column>[es]\.\w+)|"
                    r"(?P<word>[A-Z]+)|(?P<sign><>|<=|>=|[=<>+\-*%&(),]))")  # fmt: skip
_COMPARE = {"=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le,
            ">": operator.gt, ">=": operator.ge}  # fmt: skip
_LEVELS = (("&",), ("+", "-"), ("*", "%"))
_ARITHMETIC = {"&": operator.and_, "+": operator.add, "-": operator.sub, "*": operator.mul,
               "%": operator.mod}  # fmt: skip


@cache
def compiled(text: str) -> Value:
    """The expression as a function of the row `e` and the spine `s`."""
    reader = _Reader(_tokens(text))
    value = reader.either()
    if reader.left:
        raise ValueError(f"what is {reader.left[0]!r} in {text!r}?")
    return value


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if not found:
            raise ValueError(f"what is {text[at:]!r}?")
        tokens.append(found.group().strip())
        at = found.end()
    return tokens


class _Reader:
    """Recursive descent, loosest binding first."""

    def __init__(self, tokens: list[str]) -> None:
        self.left = tokens

    def take(self, *wanted: str) -> str:
        if not self.left or (wanted and self.left[0] not in wanted):
            raise ValueError(f"wanted {wanted}, found {self.left[:3]}")
        return self.left.pop(0)

    def sees(self, *wanted: str) -> bool:
        return bool(self.left) and self.left[0] in wanted

    def either(self) -> Value:
        value = self.both()
        while self.sees("OR"):
            self.take()
            value = _or(value, self.both())
        return value

    def both(self) -> Value:
        value = self.comparison()
        while self.sees("AND"):
            self.take()
            value = _and(value, self.comparison())
        return value

    def comparison(self) -> Value:
        value = self.arithmetic(0)
        if self.sees("IS"):
            self.take()
            negated = self.sees("NOT") and bool(self.take())
            self.take("NULL")
            return lambda e, s: (value(e, s) is None) != negated
        if self.sees("IN"):
            return self.listed(value)
        if self.sees(*_COMPARE):
            return _known(_COMPARE[self.take()], value, self.arithmetic(0))
        return value

    def listed(self, value: Value) -> Value:
        self.take("IN")
        self.take("(")
        among = [self.primary()({}, {})]
        while self.take(",", ")") == ",":
            among.append(self.primary()({}, {}))
        return _known(lambda a, _: a in among, value, _always(0))

    def arithmetic(self, level: int) -> Value:
        if level == len(_LEVELS):
            return self.primary()
        value = self.arithmetic(level + 1)
        while self.sees(*_LEVELS[level]):
            value = _known(_ARITHMETIC[self.take()], value, self.arithmetic(level + 1))
        return value

    def primary(self) -> Value:
        token = self.take()
        if token == "(":
            value = self.either()
            self.take(")")
            return value
        if token == "CASE":
            return self.cases()
        if token == "CAST":
            self.take("(")
            value = self.either()
            for word in ("AS", "BIGINT", ")"):
                self.take(word)
            return value
        if token[:2] in ("e.", "s."):
            return _column(*token.split("."))
        return _literal(token)

    def cases(self) -> Value:
        branches: list[tuple[Value, Value]] = []
        otherwise: Value | None = None
        while (word := self.take("WHEN", "ELSE", "END")) != "END":
            if word == "ELSE":
                otherwise = self.either()
                continue
            condition = self.either()
            self.take("THEN")
            branches.append((condition, self.either()))

        def value(e: Row, s: Row) -> Any:
            for condition, then in branches:
                if condition(e, s) is True:
                    return then(e, s)
            return otherwise(e, s) if otherwise else None

        return value


def _column(side: str, name: str) -> Value:
    def value(e: Row, s: Row) -> Any:
        return e[name] if side == "e" else s[name]

    return value


def _literal(token: str) -> Value:
    if token == "NULL":
        return _always(None)
    if token[0] == "'":
        return _always(token[1:-1])
    if token.isdigit():
        return _always(int(token))
    raise ValueError(f"what is {token!r}?")


def _always(constant: Any) -> Value:
    def value(*_: Row) -> Any:
        return constant

    return value


def _known(apply: Callable[[Any, Any], Any], left: Value, right: Value) -> Value:
    """What the operator makes of two known values; unknown where either is."""

    def value(e: Row, s: Row) -> Any:
        a, b = left(e, s), right(e, s)
        return None if a is None or b is None else apply(a, b)

    return value


def _and(left: Value, right: Value) -> Value:
    def value(e: Row, s: Row) -> Any:
        sides = (left(e, s), right(e, s))
        return False if False in sides else None if None in sides else True

    return value


def _or(left: Value, right: Value) -> Value:
    def value(e: Row, s: Row) -> Any:
        sides = (left(e, s), right(e, s))
        return True if True in sides else None if None in sides else False

    return value
