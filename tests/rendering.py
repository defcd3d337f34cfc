"""The engine's renderings, each asked the same questions over the same facts."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from numpy.typing import NDArray

from risk.decisions.case_rows import own_rows
from risk.features.backfill import backfill, offline
from risk.features.compile import many_query, measures_of, set_query
from risk.features.derived import SPINE
from risk.features.finish import finisher
from risk.features.many_valued import MANY_VALUED
from risk.features.order_money import MONEY, OrderMoney, order_money
from risk.features.ring import RING, RING_COLUMNS, ring_set_query
from risk.features.spec import Feature, Measure
from risk.history.facts.write import add_facts
from risk.history.reading.point_reader import Reader
from risk.history.schema import DERIVED, FACTS
from risk.history.schema.schema_files import kept_files, picture_bands
from risk.history.schema.schema_webhooks import file_fetches
from risk.history.store import History
from tests.naive import own_request
from tests.naive_features import vector
from tests.naive_revisions import Fact, Facts
from tests.stores import new_store
from tests.worlds import Asked, Chooser, questions
from training.facts.arrow_tables import of_columns

Floats = NDArray[np.float64]


def tables(facts: Facts) -> dict[str, pa.Table]:
    """The facts as the six Arrow tables."""
    return of_columns({kind: [_columns(rows)] for kind, rows in facts.items() if rows})


def _columns(rows: Sequence[Mapping[str, object]]) -> dict[str, list[object]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def visible_questions(facts: Facts, below: Chooser, number: int) -> list[Asked]:
    """Questions about requests that nobody has taken back by then."""
    asked = questions(facts, below, number)
    return [one for one in asked if own_request(facts, one[0], one[1])]


def asked_table(asked: Sequence[Asked]) -> pa.Table:
    refunds, moments, stages = zip(*asked, strict=True)
    return pa.table(
        {
            "row_id": pa.array(range(len(asked)), pa.int64()),
            "refund_id": pa.array(refunds, pa.string()),
            "as_of": pa.array(moments, pa.int64()),
            "stage": pa.array(stages, pa.string()),
        }
    )


Settled = Sequence[int] | None
"""Where there are any, the moments of what many cases share, one a question."""


def by_naive(
    facts: Facts, asked: Sequence[Asked], features: Sequence[Feature], settled: Settled = None
) -> Floats:
    moments = settled or [as_of for _, as_of, _ in asked]
    about = zip(asked, moments, strict=True)
    return np.array([vector(facts, refund, at, features, then) for (refund, at, _), then in about])


def by_duckdb(
    facts: Facts, asked: Sequence[Asked], features: Sequence[Feature], settled: Settled = None
) -> Floats:
    moments = asked_table(asked)
    if settled:
        moments = moments.append_column("settled", pa.array(settled, pa.int64()))
    with offline(tables(facts), threads=1) as db:
        return backfill(db, moments, features).matrix


def fill(history: History, facts: Facts, seed: int = 0, transactions: int = 4) -> None:
    """Store the facts in any order, in a few transactions."""
    everything = [(kind, row) for kind, rows in facts.items() for row in rows]
    random.Random(seed).shuffle(everything)
    everything = _by_revision(everything)
    size = max(1, -(-len(everything) // transactions))
    for start in range(0, len(everything), size):
        some = everything[start : start + size]
        with history.write() as write:
            for kind in facts:
                rows = [row for k, row in some if k == kind]
                if rows:
                    add_facts(write, kind, _columns(rows))


def _by_revision(everything: Sequence[tuple[str, Fact]]) -> list[tuple[str, Fact]]:
    """The same rows where each fact's revisions come in their order, as a store takes them."""
    waiting: dict[tuple[str, int], list[Fact]] = {}
    for kind, row in sorted(everything, key=lambda one: -(one[1].get("revision") or 1)):
        waiting.setdefault((kind, row["fact_key"]), []).append(row)
    return [(kind, waiting[kind, row["fact_key"]].pop()) for kind, row in everything]


@contextmanager
def open_store(folder: Path) -> Iterator[History]:
    """A new store on SQLite."""
    history = new_store(folder / "store.db")
    yield history
    history.close()


def empty(history: History) -> History:
    """The store without its facts and files, so that one store serves many examples."""
    with history.engine.begin() as connection:
        for table in (*FACTS.values(), *DERIVED.values(), kept_files, picture_bands, file_fetches):
            connection.execute(sa.delete(table))
    return history


def by_point(
    history: History, asked: Sequence[Asked], features: Sequence[Feature], settled: Settled = None
) -> Floats:
    """One case at a time, as scoring reads it."""
    reader, rows = Reader(tuple(features)), []
    with history.read() as connection:
        for place, (refund, as_of, _) in enumerate(asked):
            spine = reader.spine(connection, refund, as_of, settled[place] if settled else None)
            assert spine is not None
            rows.append(reader.vector(connection, spine))
    return np.array(rows)


def requests_in(history: History) -> list[str]:
    """The stored requests, in the order of what stays of them when somebody is forgotten."""
    c = FACTS["refunds"].c
    order = (c.known_at, c.requested_at, c.amount, c.revision, c.type, c.reason_code, c.line_id)
    with history.read() as connection:
        return list(connection.execute(sa.select(c.refund_id).order_by(*order)).scalars())


def by_store_set(
    history: History, asked: Sequence[Asked], features: Sequence[Feature], settled: Settled = None
) -> Floats:
    """The set queries run by the store's own database."""
    groups = measures_of(features)
    positions = {m: i for i, m in enumerate(m for group in groups.values() for m in group)}
    raw = np.array([[m.empty for m in positions]] * len(asked))
    with history.engine.connect() as connection:
        _lay_spine(connection, asked, settled)
        for name, measures in groups.items():
            query = _set_query(name, measures)
            for row in connection.exec_driver_sql(_literal(connection, query)).mappings():
                for i, measure in enumerate(measures):
                    place = RING_COLUMNS.index(measure.value) if name == RING else i
                    value = row[f"m{place}"]
                    raw[row["row_id"], positions[measure]] = np.nan if value is None else value
        connection.rollback()
    return finisher(features, positions)(raw)


def money_by_duckdb(facts: Facts, asked: Sequence[Asked]) -> list[OrderMoney]:
    """The money of many cases at once, as a folder is scored."""
    with offline(tables(facts), threads=1) as db:
        backfill(db, asked_table(asked), ())
        rows = db.sql(f"SELECT * FROM ({MONEY}) m ORDER BY m.row_id").to_arrow_table().to_pylist()
    return [order_money(row) for row in rows]


def money_by_point(history: History, asked: Sequence[Asked]) -> list[OrderMoney]:
    """The money of one case at a time, as scoring reads it."""
    reader, found = Reader(()), []
    with history.read() as connection:
        for refund, as_of, _ in asked:
            spine = reader.spine(connection, refund, as_of)
            assert spine is not None
            found.append(own_rows(connection, spine)[1])
    return found


def money_by_store_set(history: History, asked: Sequence[Asked]) -> list[OrderMoney]:
    """The money of many cases at once, by the store's own database."""
    with history.engine.connect() as connection:
        _lay_spine(connection, asked)
        rows = connection.exec_driver_sql(f"SELECT * FROM ({MONEY}) m ORDER BY m.row_id")
        found = [order_money(dict(row)) for row in rows.mappings()]
        connection.rollback()
    return found


def _set_query(name: str, measures: Sequence[Measure]) -> str:
    """The query that also knows of corrections: what it tells of others must be the same."""
    if name == RING:
        return ring_set_query(revised=True)
    return set_query(name, measures, revised=name != "case")


def _literal(connection: sa.Connection, query: str) -> str:
    """The text as a driver that fills in parameters by `%` must be given it."""
    return query.replace("%", "%%") if connection.dialect.name == "postgresql" else query


def _lay_spine(connection: sa.Connection, asked: Sequence[Asked], settled: Settled = None) -> None:
    for name in ("moments", "spine", *MANY_VALUED):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    text = 'TEXT COLLATE "C"' if connection.dialect.name == "postgresql" else "TEXT"
    connection.exec_driver_sql(
        f"CREATE TEMP TABLE moments (row_id BIGINT, refund_id {text}, as_of BIGINT, stage {text}, "
        "settled BIGINT)"
    )
    insert = sa.text("INSERT INTO moments VALUES (:row_id, :refund_id, :as_of, :stage, :settled)")
    names = ("refund_id", "as_of", "stage")
    rows = [dict(zip(names, question, strict=True)) for question in asked]
    connection.execute(
        insert,
        [{"row_id": i, "settled": settled[i] if settled else row["as_of"], **row}
         for i, row in enumerate(rows)],
    )  # fmt: skip
    kinds = ("orders", "shipments", "refunds", "evidence", "inspections", "outcomes")
    spine = SPINE.format(settled="a.settled", moments="moments", **{kind: kind for kind in kinds})
    connection.exec_driver_sql(f"CREATE TEMP TABLE spine AS {_literal(connection, spine)}")
    for name in MANY_VALUED:
        query = _literal(connection, many_query(name))
        connection.exec_driver_sql(f"CREATE TEMP TABLE {name} AS {query}")


def differences(
    a: Floats, b: Floats, features: Sequence[Feature], asked: Sequence[Asked]
) -> list[str]:
    """Where two renderings disagree in a single bit, in words; unknown equals unknown."""
    unequal = ~((a == b) | (np.isnan(a) & np.isnan(b)))
    return [
        f"{features[j].name} of {asked[i]}: {a[i, j]!r} is not {b[i, j]!r}"
        for i, j in zip(*np.nonzero(unequal), strict=True)
    ]
