"""Where other systems push to, and what they pushed already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from risk.errors import NotFound
from risk.history.connect import Write
from risk.history.envelope import SecretCipher
from risk.history.schema_webhooks import endpoints, messages


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One place to push to: the system that pushes, its name here, its secret and its mapping."""

    system: str
    name: str
    secret: str = field(repr=False)
    mapping: str
    set_at: int

    @property
    def title(self) -> str:
        """What it is called where its facts are signed."""
        return f"{self.system}:{self.name}"

    @property
    def prefix(self) -> str:
        """What ids that come through it begin with."""
        return f"{self.system}:{self.name}:"


def put(
    write: Write, cipher: SecretCipher, system: str, name: str, secret: str, mapping: str
) -> None:
    """Set an endpoint up, or replace its settings."""
    remove(write, system, name, missing_ok=True)
    write.connection.execute(
        sa.insert(endpoints).values(
            system=system,
            name=name,
            secret=cipher.encrypt(secret, f"{system}:{name}"),
            mapping=mapping,
            set_at=write.at,
        )
    )


def find(
    connection: sa.Connection, cipher: SecretCipher, system: str, name: str
) -> Endpoint | None:
    """An endpoint with its secret; None where there is none."""
    query = sa.select(endpoints).where(endpoints.c.system == system, endpoints.c.name == name)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    secret = cipher.decrypt(row.secret, f"{system}:{name}")
    return Endpoint(system, name, secret, row.mapping, row.set_at)


def every(connection: sa.Connection) -> list[tuple[str, str, int]]:
    """(system, name, set at) of all endpoints."""
    query = sa.select(endpoints.c.system, endpoints.c.name, endpoints.c.set_at)
    rows = connection.execute(query.order_by(endpoints.c.system, endpoints.c.name))
    return [(str(system), str(name), int(at)) for system, name, at in rows]


def remove(write: Write, system: str, name: str, *, missing_ok: bool = False) -> None:
    """Take an endpoint away. Raises NotFound."""
    gone = write.connection.execute(
        sa.delete(endpoints).where(endpoints.c.system == system, endpoints.c.name == name)
    )
    if gone.rowcount == 0 and not missing_ok:
        raise NotFound(f"no endpoint {system}/{name}")


def seen(connection: sa.Connection, endpoint: Endpoint, marks: Sequence[str]) -> bool:
    """Whether a message with any of these marks was taken in before."""
    query = sa.select(sa.literal(1)).where(
        messages.c.system == endpoint.system,
        messages.c.name == endpoint.name,
        messages.c.mark.in_(marks),
    )
    return connection.execute(query.limit(1)).scalar() is not None


def note(write: Write, endpoint: Endpoint, marks: Sequence[str]) -> None:
    """Remember these marks for good."""
    for mark in marks:
        if not seen(write.connection, endpoint, [mark]):
            write.connection.execute(
                sa.insert(messages).values(
                    system=endpoint.system, name=endpoint.name, mark=mark, at=write.at
                )
            )
