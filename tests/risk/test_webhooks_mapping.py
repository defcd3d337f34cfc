"""A mapping table may fill every field of every kind that callers send."""

from __future__ import annotations

import pytest

from risk.errors import BadInput
from risk.facts import OWN_IDS, SUBMITTED
from risk.webhooks.mapping import facts_of
from risk.webhooks.mapping_table import MappingTable, read_mapping

RECEIVED = "2026-03-05T09:30:00+08:00"


def table_of(kind: str) -> MappingTable:
    """A table that takes every field of a kind from the member of its name."""
    fields = [f.name for f in SUBMITTED[kind].fields if f.name not in ("known_at", "decided_by")]
    lines = "\n".join(f'{name} = "{name}"' for name in fields)
    return read_mapping(f"[[messages]]\n[[messages.{kind}]]\n{lines}")


@pytest.mark.parametrize("kind", SUBMITTED)
def test_every_field_of_every_kind_can_be_mapped(kind: str) -> None:
    table = table_of(kind)
    [rule] = table.messages
    given = {f.name: f.example for f in SUBMITTED[kind].fields if f.name != "known_at"}
    [fact] = facts_of(table, rule, given, "generic:shop:", RECEIVED)[kind]
    for name, value in fact.items():
        own = name in OWN_IDS or name == "customer_id"
        assert value == (f"generic:shop:{given[name]}" if own else given[name]), name
    assert fact.keys() == given.keys() - {"decided_by"}


@pytest.mark.parametrize("kind", ["files", "presents"])
def test_what_callers_do_not_send_cannot_be_mapped(kind: str) -> None:
    with pytest.raises(BadInput, match="mapping"):
        read_mapping(f'[[messages]]\n[[messages.{kind}]]\nevidence_id = "id"')
