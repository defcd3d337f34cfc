"""Responses stored under an Idempotency-Key, so that a repeated call gets the same for a day."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from risk.facts.units import DAY_MS
from risk.history.connect import Write
from risk.history.schema_access import idempotent_responses

RETENTION_MS = DAY_MS

_FIND = sa.select(
    idempotent_responses.c.body_digest, idempotent_responses.c.status, idempotent_responses.c.body
).where(
    idempotent_responses.c.key_id == sa.bindparam("key_id"),
    idempotent_responses.c.idempotency_key == sa.bindparam("idempotency_key"),
    idempotent_responses.c.at > sa.bindparam("since"),
)


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
    row = connection.execute(
        _FIND, {"key_id": key_id, "idempotency_key": idempotency_key, "since": now - RETENTION_MS}
    ).one_or_none()
    return None if row is None else StoredResponse(bytes(row[0]), int(row[1]), str(row[2]).encode())


def store(
    write: Write, key_id: str, idempotency_key: str, response: StoredResponse
) -> StoredResponse:
    """Store a response, or return the one stored first; deletes those past their day."""
    write.connection.execute(
        sa.delete(idempotent_responses).where(idempotent_responses.c.at <= write.at - RETENTION_MS)
    )
    first = find(write.connection, key_id, idempotency_key, write.at)
    if first is not None:
        return first
    write.connection.execute(
        sa.insert(idempotent_responses).values(
            key_id=key_id,
            idempotency_key=idempotency_key,
            body_digest=response.body_digest,
            status=response.status,
            body=response.body.decode(),
            at=write.at,
        )
    )
    return response
