"""What was answered under an Idempotency-Key, so that asking again answers the same for a day."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from risk.facts.units import DAY_MS
from risk.history.connect import Write
from risk.history.schema import answers

KEPT_MS = DAY_MS

_FIND = sa.select(answers.c.body_digest, answers.c.status, answers.c.body).where(
    answers.c.key_id == sa.bindparam("key_id"),
    answers.c.idempotency_key == sa.bindparam("idempotency_key"),
    answers.c.at > sa.bindparam("since"),
)


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """An answer given: the digest of the call it answered, its HTTP status and its JSON."""

    body_digest: bytes
    status: int
    body: bytes


def find(
    connection: sa.Connection, key_id: str, idempotency_key: str, now: int
) -> StoredResponse | None:
    """What this key was answered under this name within a day before `now` (ms)."""
    row = connection.execute(
        _FIND, {"key_id": key_id, "idempotency_key": idempotency_key, "since": now - KEPT_MS}
    ).one_or_none()
    return None if row is None else StoredResponse(bytes(row[0]), int(row[1]), str(row[2]).encode())


def keep(write: Write, key_id: str, idempotency_key: str, answer: StoredResponse) -> StoredResponse:
    """Keep an answer, or give the one another call kept first; answers past their day go."""
    write.connection.execute(sa.delete(answers).where(answers.c.at <= write.at - KEPT_MS))
    first = find(write.connection, key_id, idempotency_key, write.at)
    if first is not None:
        return first
    write.connection.execute(
        sa.insert(answers).values(
            key_id=key_id,
            idempotency_key=idempotency_key,
            body_digest=answer.body_digest,
            status=answer.status,
            body=answer.body.decode(),
            at=write.at,
        )
    )
    return answer
