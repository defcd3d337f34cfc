"""Where other systems push to: endpoints with their secrets and mapping tables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from risk.errors import NotFound
from risk.history.connection.connect import Write
from risk.history.envelope import SecretCipher
from risk.history.schema.schema_webhooks import endpoints


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One place to push to: the system that pushes, its name here, its secret and its mapping.

    `previous` is the secret before, which is taken too until `previous_until` (ms).
    `private_files`: files that it names are fetched by plain http and from the own network too.
    """

    system: str
    name: str
    secret: str = field(repr=False)
    mapping: str
    set_at: int
    previous: str = field(default="", repr=False)
    previous_until: int = 0
    private_files: bool = False

    def with_secrets(self, now: int) -> list[Endpoint]:
        """The endpoint once with each secret that is taken at `now` (ms)."""
        if self.previous and now < self.previous_until:
            return [self, replace(self, secret=self.previous)]
        return [self]

    @property
    def address(self) -> tuple[str, str]:
        """System and name."""
        return self.system, self.name

    @property
    def title(self) -> str:
        """What it is called where its facts are signed."""
        return f"{self.system}:{self.name}"

    @property
    def prefix(self) -> str:
        """What ids that come through it begin with."""
        return f"{self.system}:{self.name}:"


def put(write: Write, cipher: SecretCipher, endpoint: Endpoint) -> None:
    """Set an endpoint up, or replace its settings."""
    remove(write, endpoint.system, endpoint.name, missing_ok=True)
    previous = cipher.encrypt(endpoint.previous, endpoint.title) if endpoint.previous else None
    write.connection.execute(
        sa.insert(endpoints).values(
            system=endpoint.system,
            name=endpoint.name,
            secret=cipher.encrypt(endpoint.secret, endpoint.title),
            mapping=endpoint.mapping,
            set_at=endpoint.set_at,
            previous_secret=previous,
            previous_until=endpoint.previous_until or None,
            private_files=endpoint.private_files,
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
    before = row.previous_secret
    previous = cipher.decrypt(before, f"{system}:{name}") if before else ""
    return Endpoint(
        system, name, secret, row.mapping, row.set_at, previous, row.previous_until or 0,
        bool(row.private_files),
    )  # fmt: skip


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
