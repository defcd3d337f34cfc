"""What the log keeps of a situation is the situation, whatever was known."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields, replace
from typing import Any

import orjson
import pytest

from risk.decisions.log import situation_json, situation_of
from risk.features.order_money import OrderMoney
from risk.policy import Listing, Situation

BARE = Situation(
    type="refund_only", reason_code="late", amount=990_000, currency="CNY", requested_at=3,
    as_of=5, probability=0.25,
)  # fmt: skip
SIMPLE: dict[str, tuple[Any, ...]] = {
    "bool": (True, False), "int": (7, 0, 1), "float": (1.5, 0.0, 1.0), "str": ("x", ""),
}  # fmt: skip
TOLD: dict[str, Any] = {
    "evidence": (("photo", "customer"), ("declined", "merchant")),
    "picture_doubts": ("copied",),
    "inspections": ("as_sent",),
    "inspected_by": ("merchant",),
    "listings": (
        Listing("block", "a cause", "ada", asks="prepayment"),
        Listing("allow", "", "ada"),
    ),
    "money": OrderMoney(1, 2, 3, 4, "CNY", 5),
    "weighings": (("outbound", 1.5, None), ("return", None, None)),
    "return_against": ("shown",),
    "unknown": ("text",),
    "told_of": ("refused", "price"),
    "groups": ("household",),
    "lines": (("home", None), (None, True)),
}


def values(field: Field[Any]) -> tuple[Any, ...]:
    """What a field may hold besides its default: with each value that is easily taken for it."""
    if field.name in TOLD:
        return (TOLD[field.name],)
    kind = str(field.type).removesuffix(" | None")
    return (*SIMPLE.get(kind, ("x",)), *((None,) if "None" in str(field.type) else ()))


@pytest.mark.parametrize("field", fields(Situation), ids=lambda field: str(field.name))
def test_each_thing_known_is_kept(field: Field[Any]) -> None:
    for value in values(field):
        case = replace(BARE, **{field.name: value})
        again = situation_of(situation_json(case))
        assert again == case
        assert type(getattr(again, field.name)) is type(value)


def test_what_nobody_knows_takes_no_room_and_was_told_before() -> None:
    kept = orjson.loads(situation_json(BARE))
    needed = {field.name for field in fields(Situation) if field.default is MISSING}
    assert kept.keys() == needed | {"evidence", "inspections", "listings"}
    assert situation_of(orjson.dumps(BARE).decode()) == BARE
