"""Requests that turn out to be about another order than the one they were stored under.

What was seen of them before stays: the earlier rows become revisions below those that the caller
numbered, and each of the caller's counts from now on with the other order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from risk.facts import KINDS
from risk.facts.columns import STORED
from risk.facts.parse_columns import Columns
from risk.facts.revisions import FOREVER
from risk.history.connection.connect import Write
from risk.history.connection.driver import Row
from risk.history.facts.fact_columns import add_digests, revision_key
from risk.history.facts.revise import settle
from risk.history.facts.write import touch_revised
from risk.history.schema import FACTS

MOVED = ("refunds", "evidence")
"""Kinds of facts about a request that name its order too."""


def relocate(write: Write, refund_id: str, order_id: str, to: str) -> None:
    """Let a request and its evidence be about the order `to` from now on."""
    for kind in MOVED:
        c = FACTS[kind].c
        query = sa.select(FACTS[kind]).where(c.refund_id == refund_id).order_by(c.revision)
        facts: dict[int, list[Row]] = {}
        for row in write.connection.execute(query).mappings():
            facts.setdefault(_fact_of(row), []).append({**row})
        moved = {key for key, rows in facts.items() if rows[-1]["order_id"] == order_id}
        for key in moved:
            _renumber(write, kind, key, facts[key])
            _add_moved(write, kind, key, [row for row in facts[key] if row["revision"] > 0], to)
        if moved:
            settle(write, kind, moved)
            touch_revised(write, kind, moved)


def _fact_of(row: Mapping[Any, Any]) -> int:
    """The `fact_key` of the first revision of a row's fact."""
    return int(row["fact_key"] if row["corrects"] is None else row["corrects"])


def _renumber(write: Write, kind: str, key: int, rows: list[Row]) -> None:
    """Number the rows of a fact up to 0, in the order they had."""
    table = FACTS[kind]
    for place, row in enumerate(rows):
        number = place + 1 - len(rows)
        changed: dict[str, Any] = {"revision": number}
        if row["corrects"] is not None:
            changed["fact_key"] = revision_key(key, number)
        here = sa.update(table).where(table.c.fact_key == row["fact_key"])
        write.connection.execute(here.values(changed))


def _add_moved(write: Write, kind: str, key: int, rows: list[Row], to: str) -> None:
    """Add the caller's revisions with another order, known from now on."""
    columns: Columns = {c.name: [row[c.name] for row in rows] for c in STORED[kind]}
    columns["order_id"] = [to] * len(rows)
    add_digests(KINDS[kind], columns)
    columns |= {
        "fact_key": [revision_key(key, row["revision"]) for row in rows],
        "corrects": [key] * len(rows),
        "valid_from": [write.at] * len(rows),
        "valid_to": [FOREVER] * len(rows),
    }
    values = [{name: columns[name][i] for name in columns} for i in range(len(rows))]
    values = [{**row, "commit_no": write.commit_no} for row in values]
    write.connection.execute(sa.insert(FACTS[kind]), values)
