"""What monthly partitions cost the look-ups of a case: `python -m tests.bench.partitions FOLDER`.

Over the small store that `tests.bench.at_size` left in a folder, and over the same rows in tables
that PostgreSQL partitions by the month in which a fact became known. A key that every partition
enforces must hold the month, so a store of such tables can be read and not be written: what is
compared is reading stored cases with the whole catalogue, by turns.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Annotated

import sqlalchemy as sa
import typer

from risk.decisions.case import read_one
from risk.history.connection.connect import present
from risk.history.schema import DERIVED, FACTS
from risk.history.store import History
from tests.bench.under_load.processes import cluster, processor_ms
from tests.bench.under_load.services import SECRET

PARTED = "parted"


@dataclass
class Reading:
    """A store, a connection to it, and what reading a case took (ms of processor)."""

    history: History
    connection: sa.Connection
    process: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, url: str) -> Reading:
        history = History.open(url, SECRET)
        return cls(history, history.engine.connect())

    def read(self, refunds: list[str], backend: int) -> None:
        at = present(self.connection)
        for refund_id in refunds:
            own, served = time.process_time(), processor_ms(backend)
            read_one(self.connection, self.history.reader, refund_id, at, b"key")
            self.database.append(processor_ms(backend) - served)
            self.process.append(1000 * (time.process_time() - own))


def main(
    folder: Annotated[Path, typer.Argument(help="Where `at_size --folder` left its stores.")],
    months: Annotated[int, typer.Option(help="How many partitions a table has.")] = 36,
    cases: Annotated[int, typer.Option(help="Cases read by turns, twice.")] = 200,
) -> None:
    """Print what reading a case takes in either way."""
    with cluster(folder / "postgresql") as (url, _):
        parted = sa.make_url(url).set(database=PARTED).render_as_string(hide_password=False)
        _admin(
            url, f"DROP DATABASE IF EXISTS {PARTED}", f"CREATE DATABASE {PARTED} TEMPLATE postgres"
        )
        for name, table in {**FACTS, **DERIVED}.items():
            _admin(parted, *_partitioned(name, table, months))
        both = {"one table each": Reading.of(url), f"{months} partitions": Reading.of(parted)}
        query = sa.select(FACTS["refunds"].c.refund_id).limit(cases)
        first = next(iter(both.values())).connection
        refunds = list(first.execute(query).scalars())
        for turn in range(3):
            for reading in both.values():
                backend = reading.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
                if turn == 1:
                    reading.process.clear()
                    reading.database.clear()
                reading.read(refunds, int(backend))
        for name, reading in both.items():
            own, served = median(reading.process), median(reading.database)
            typer.echo(f"{name}: {own:.2f} ms in the process, {served:.2f} in the database")
            reading.connection.close()
            reading.history.close()


def _partitioned(name: str, table: sa.Table, months: int) -> list[str]:
    """The statements that put a table's rows into partitions, with the indexes it had."""
    columns = ", ".join(column.name for column in table.columns)
    keys = ", ".join(dict.fromkeys([*(c.name for c in table.primary_key), "known_at"]))
    made = [
        f"ALTER TABLE {name} RENAME TO {name}_whole",
        f"CREATE TABLE {name} (LIKE {name}_whole INCLUDING DEFAULTS) PARTITION BY RANGE (known_at)",
    ]
    now = datetime.now(UTC)
    ends = [_month(now.year * 12 + now.month - number) for number in range(months - 1)][::-1]
    bounds = ["MINVALUE", *map(str, ends), "MAXVALUE"]
    for number, (since, until) in enumerate(pairwise(bounds)):
        made.append(
            f"CREATE TABLE {name}_{number} PARTITION OF {name} "
            f"FOR VALUES FROM ({since}) TO ({until})"
        )
    made.append(f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {name}_whole")
    made.append(f"ALTER TABLE {name} ADD PRIMARY KEY ({keys})")
    dialect = sa.make_url("postgresql+psycopg://").get_dialect()()
    for index in table.indexes:
        made.append(str(sa.schema.CreateIndex(index).compile(dialect=dialect))
                    .replace(f"INDEX {index.name}", f"INDEX p_{index.name}", 1))  # fmt: skip
    return [*made, f"DROP TABLE {name}_whole", f"ANALYZE {name}"]


def _month(number: int) -> int:
    """The beginning of a month, numbered from year 0, as ms since the epoch."""
    year, month = divmod(number - 1, 12)
    return int(datetime(year, month + 1, 1, tzinfo=UTC).timestamp() * 1000)


def _admin(url: str, *statements: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


if __name__ == "__main__":
    typer.run(main)
