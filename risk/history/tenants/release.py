"""What waits for orders that became known: released, dropped, or left to wait on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Any

import orjson
import sqlalchemy as sa

from risk.facts import EVIDENCE, KINDS, REFUNDS, Kind
from risk.facts.columns import STORED
from risk.facts.parse_columns import Columns
from risk.history.connection.connect import Write
from risk.history.facts.fact_columns import add_digests
from risk.history.facts.revise import slices
from risk.history.facts.write import add_consistent
from risk.history.schema import FACTS
from risk.history.schema.schema_tenants import waiting_facts
from risk.history.tenants.alias_rows import aliases_to
from risk.history.tenants.caller import Caller
from risk.history.tenants.id_scope import read_scope
from risk.history.tenants.ownership import Subject
from risk.history.tenants.waiting_facts import bring_up_keys, rows_at, sort_rows

_c = waiting_facts.c
Waiting = Mapping[str, Any]


def release(write: Write, orders: Collection[str]) -> None:
    """Let what waits for these orders, or for requests on them, become known or be dropped."""
    subjects = {("order_id", order) for order in orders}
    subjects |= _brought_up(write.connection, REFUNDS, subjects)
    _release_about(write, subjects)
    _release_about(write, _brought_up(write.connection, EVIDENCE, subjects))


def release_files(write: Write, evidence: Collection[str]) -> None:
    """Let the files that wait for these items of evidence become known or be dropped."""
    _release_about(write, {("evidence_id", item) for item in evidence})


def _release_about(write: Write, subjects: set[Subject]) -> None:
    waiting = _waiting_for(write.connection, subjects)
    for (kind, merchants), rows in groupby(
        waiting, key=lambda row: (row["kind"], row["merchants"])
    ):
        _release(write, kind, Caller.bound_to(*orjson.loads(merchants)), list(rows))


def _release(write: Write, kind: str, caller: Caller, rows: list[Waiting]) -> None:
    facts = [orjson.loads(row["row"]) for row in rows]
    columns: Columns = {c.name: [fact[c.name] for fact in facts] for c in STORED[kind]}
    scope = read_scope(write, caller, [columns])
    found = sort_rows(write, kind, columns, caller, scope)
    gone = [rows[i]["waiting_no"] for i in (*found.own, *found.others)]
    if found.own:
        bring_up_keys(write, kind, columns, caller, scope, found)
        known = rows_at(scope.rename(columns), list(found.own))
        add_digests(KINDS[kind], known)
        add_consistent(write, kind, {**known, "known_at": [write.at] * len(found.own)})
    for some in slices(gone):
        write.connection.execute(sa.delete(waiting_facts).where(_c.waiting_no.in_(some)))
    for i, (about, about_id) in found.waiting.items():
        here = sa.update(waiting_facts).where(_c.waiting_no == rows[i]["waiting_no"])
        write.connection.execute(here.values(about=about, about_id=about_id))


def _brought_up(connection: sa.Connection, kind: Kind, about: set[Subject]) -> set[Subject]:
    """The requests on some orders, or the evidence about some orders and requests."""
    c, found = FACTS[kind.name].c, set[Subject]()
    for name in kind.about:
        for some in slices(value for of, value in about if of == name):
            query = sa.select(c[kind.key[0]]).where(c[name].in_(some))
            found |= {(kind.key[0], str(one)) for one in connection.execute(query).scalars()}
    return found


def _waiting_for(connection: sa.Connection, subjects: set[Subject]) -> list[Waiting]:
    """What waits for these things, by kind and sender, the oldest first."""
    wanted = subjects | {(row.name, row.id) for row in aliases_to(connection, subjects)}
    order = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(
        _about(connection, wanted),
        key=lambda r: (order[r["kind"]], r["merchants"], r["waiting_no"]),
    )


def _about(connection: sa.Connection, subjects: Iterable[Subject]) -> list[Waiting]:
    found: list[Waiting] = []
    by_name: dict[str, set[str]] = {}
    for name, value in subjects:
        by_name.setdefault(name, set()).add(value)
    for name, values in by_name.items():
        for some in slices(values):
            query = sa.select(waiting_facts).where(_c.about == name, _c.about_id.in_(some))
            found += [{**row} for row in connection.execute(query).mappings()]
    return found
