"""What must be true of a store afterwards, whatever was done to the service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import orjson
import sqlalchemy as sa

from risk.history.schema import FACTS
from risk.history.schema.schema_decisions import decisions
from risk.history.store import History
from tests.bench.chaos.acts import Acts
from tests.bench.chaos.load import Load
from tests.bench.chaos.world import SECRET
from training.check.replay import replay

_d = decisions.c
_r = FACTS["refunds"].c
_o = FACTS["orders"].c


def wrongs(database_url: str, load: Load, acts: Acts | None = None) -> list[str]:
    """Everything that is not as it was acknowledged; empty when all is well."""
    history = History.open(database_url, SECRET)
    try:
        found = [*load.odd, *_of_store(history, load), *damage(history)]
        found += acts.wrongs(history) if acts else ()
        _, differences, _ = replay(history, lambda *_: None)
    finally:
        history.close()
    return found + [f"replay: {difference}" for difference in differences]


def _of_store(history: History, load: Load) -> Iterator[str]:
    with history.read() as connection:
        kept = _kept(connection, load.name)
        refunds = _ids(connection, _r.refund_id, f"R-{load.name}-%")
        orders = _ids(connection, _o.order_id, f"O-{load.name}-%")
    for name, answer in load.acknowledged.items():
        if answer.decode() not in kept.get(f"R-{name}", ()):
            yield f"R-{name} was acknowledged and is not there as answered"
    twice = [refund for refund, bodies in kept.items() if len(bodies) > 1]
    yield from (f"{refund} was decided {len(kept[refund])} times" for refund in twice)
    for name in load.sent:
        parts = {f"R-{name}" in kept, f"R-{name}" in refunds, f"O-{name}" in orders}
        if len(parts) > 1:
            yield f"R-{name} is stored by half"


def _kept(connection: sa.Connection, name: str) -> dict[str, list[str]]:
    query = sa.select(_d.refund_id, _d.body).where(_d.refund_id.like(f"R-{name}-%"))
    kept: dict[str, list[str]] = {}
    for refund, body in connection.execute(query):
        kept.setdefault(refund, []).append(body)
    return kept


def _ids(connection: sa.Connection, column: sa.Column[str], like: str) -> Counter[str]:
    return Counter(connection.execute(sa.select(column).where(column.like(like))).scalars())


def damage(history: History) -> Iterator[str]:
    """SQLite's own look at its file."""
    if history.engine.dialect.name != "sqlite":
        return
    with history.engine.connect() as connection:
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    if said != ["ok"]:
        yield f"integrity_check: {said[:3]}"


def instants(database_url: str) -> list[tuple[int, int]]:
    """Commit number and `as_of` (ms) of every decision, in the order of commits."""
    history = History.open(database_url, SECRET)
    try:
        query = sa.select(_d.commit_no, _d.as_of).order_by(_d.commit_no)
        with history.read() as connection:
            rows = connection.execute(query).all()
        return [(int(commit), int(at)) for commit, at in rows]
    finally:
        history.close()


def bodies(database_url: str) -> list[str]:
    """Every decision as it was answered, in the order of commits."""
    history = History.open(database_url, SECRET)
    try:
        query = sa.select(_d.body).order_by(_d.commit_no)
        with history.read() as connection:
            return list(connection.execute(query).scalars())
    finally:
        history.close()


def model_of(answer: bytes) -> str:
    """The version of the model that an answer names."""
    return str(orjson.loads(answer)["model"]["version"])
