"""Responses stored under an Idempotency-Key, so that a repeated call gets the same for a day."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from risk.facts.units import DAY_MS
from risk.history.connection.connect import Write
from risk.history.connection.driver import insert, runner
from risk.history.connection.prepared import Prepared
from risk.history.schema.schema_access import idempotent_responses

RETENTION_MS = DAY_MS

_FIND = Prepared(
    sa.select(
        idempotent_responses.c.body_digest,
        idempotent_responses.c.status,
        idempotent_responses.c.body,
    ).where(
        idempotent_responses.c.key_id == sa.bindparam("key_id", type_=sa.Text),
        idempotent_responses.c.idempotency_key == sa.bindparam("name", type_=sa.Text),
        idempotent_responses.c.at > sa.bindparam("since", type_=sa.BigInteger),
    )
)
_DROP_EXPIRED = "DELETE FROM answers WHERE at <= :expired"
_INSERT = """INSERT INTO answers (key_id, idempotency_key, body_digest, status, body, at)
  VALUES (?, ?, ?, ?, ?, ?)"""


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response: the digest of the call it belongs to, its HTTP status and its JSON."""

    body_digest: bytes
    status: int
    body: bytes


def find(
    connection: sa.Connection, key_id: str, idempotency_key: str, now: int
) -> StoredResponse | None:
    """The response stored for an API key and Idempotency-Key within a day before `now` (ms)."""
    rows = _FIND(connection, key_id=key_id, name=idempotency_key, since=now - RETENTION_MS)
    return next(
        (StoredResponse(bytes(r["body_digest"]), r["status"], r["body"].encode()) for r in rows),
        None,
    )


def store(
    write: Write, key_id: str, idempotency_key: str, response: StoredResponse
) -> StoredResponse:
    """Store a response, or return the one stored first."""
    first = find(write.connection, key_id, idempotency_key, write.at)
    if first is None:
        keep(write, key_id, idempotency_key, response)
    return first or response


def keep(write: Write, key_id: str, idempotency_key: str, response: StoredResponse) -> None:
    """Store a response where there is none that lasts; deletes those past their day."""
    runner(write.connection)(_DROP_EXPIRED, {"expired": write.at - RETENTION_MS})
    kept = (response.body_digest, response.status, response.body.decode(), write.at)
    insert(write.connection, _INSERT, [(key_id, idempotency_key, *kept)])
