"""A large store of a small one on PostgreSQL: every fact again and again, under other names.

Each copy has customers, orders and things of its own, and shares merchants, articles, categories,
couriers and wordings with all others; two thirds lie one and two years back.
"""

from __future__ import annotations

import sqlalchemy as sa

from risk.facts.revisions import FOREVER
from risk.facts.units import DAY_MS
from risk.history.schema import DERIVED, FACTS

NAMES = {"order_id", "refund_id", "customer_id", "evidence_id", "dispute_id"}
THINGS = {
    "fact_key", "corrects", "address", "door", "payment", "device", "phone", "ip", "payout",
    "refund_device", "tracking", "photo", "entity",
}  # fmt: skip
TIMES = {"respond_by", "stands_until", "valid_from", "valid_to"}
YEARS = 3
STEP = 1_000_003 << 20
"""By so much times its number the hashes of a copy are changed."""

TABLES = {**FACTS, **DERIVED}


def multiply(connection: sa.Connection, copies: int) -> None:
    """Add so many copies of all facts and derived rows; indexes are made again afterwards."""
    names = ", ".join(f"'{name}'" for name in TABLES)
    run = connection.exec_driver_sql
    run("SET maintenance_work_mem = '1GB'")
    run("SET work_mem = '256MB'")
    run("SET synchronous_commit = off")
    keys = run(
        f"""SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)
        FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
        WHERE c.contype = 'p' AND t.relname IN ({names})"""
    ).all()
    indexes = run(
        f"""SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename IN ({names})
        AND i.indexname NOT IN (SELECT conname FROM pg_constraint)"""
    ).all()
    for table, key, _ in keys:
        run(f"ALTER TABLE {table} DROP CONSTRAINT {key}")
    for name, _ in indexes:
        run(f"DROP INDEX {name}")
    for table in TABLES.values():
        run(_copied(table, copies))
    for table, key, definition in keys:
        run(f"ALTER TABLE {table} ADD CONSTRAINT {key} {definition}")
    for _, definition in indexes:
        run(definition)
    for name in TABLES:
        run(f"VACUUM ANALYZE {name}")
    run("CHECKPOINT")


def _copied(table: sa.Table, copies: int) -> str:
    columns = [column.name for column in table.columns]
    return (
        f"INSERT INTO {table.name} ({', '.join(columns)}) "
        f"SELECT {', '.join(map(_changed, columns))} "
        f"FROM {table.name} t, generate_series(1, {copies}) k(n) ORDER BY t.known_at"
    )


def _changed(column: str) -> str:
    """A column of the copy number `k.n`."""
    if column in NAMES:
        return f"t.{column} || '~' || k.n"
    if column in THINGS:
        return f"t.{column} # (k.n * CAST({STEP} AS BIGINT))"
    if column in TIMES or column.endswith("_at"):
        earlier = f"t.{column} - mod(k.n, {YEARS}) * CAST({365 * DAY_MS} AS BIGINT)"
        return (
            f"CASE WHEN t.{column} BETWEEN 1 AND {FOREVER - 1} THEN {earlier} ELSE t.{column} END"
        )
    return f"t.{column}"
