"""Bundles and policies in the store: workers serve the newest bundle of a role."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from risk.history.commits.beside import MustBeAlone
from risk.history.connection.connect import Write
from risk.history.connection.prepared import Prepared
from risk.history.schema.schema_models import models, policies
from risk.model import Bundle


@dataclass(frozen=True, slots=True)
class Published:
    """A published bundle; `published_at` (ms) identifies the publication."""

    published_at: int
    version: str
    digest: str
    why: str


def publish(write: Write, role: str, version: str, bundle: Bundle, why: str) -> Published:
    """Publish a bundle as `champion` or `challenger`; running workers load it from the store."""
    content = bundle.to_bytes()
    write.connection.execute(
        sa.insert(models).values(
            published_at=write.at,
            role=role,
            version=version,
            digest=bundle.digest,
            why=why,
            bundle=content,
        )
    )
    return Published(write.at, version, bundle.digest, why)


_NEWEST = (
    sa.select(models.c.published_at, models.c.version, models.c.digest, models.c.why)
    .where(models.c.role == sa.bindparam("role"))
    .where(models.c.published_at < sa.bindparam("before"))
    .order_by(models.c.published_at.desc())
    .limit(1)
)
_EVER = 2**63 - 1


def newest(connection: sa.Connection, role: str, before: int = _EVER) -> Published | None:
    """The newest bundle of a role, published before an instant (ms); None where there is none."""
    row = connection.execute(_NEWEST, {"role": role, "before": before}).one_or_none()
    return None if row is None else Published(*row)


def challenger(connection: sa.Connection) -> Published | None:
    """The challenger, whose answers are logged but not acted on; None where it is the champion."""
    found, champion = newest(connection, "challenger"), newest(connection, "champion")
    return None if found is None or champion is None or found.digest == champion.digest else found


def by_digest(connection: sa.Connection, digest: str) -> bytes | None:
    """The bytes of the bundle with this digest; None where it was never published."""
    query = sa.select(models.c.bundle).where(models.c.digest == digest)
    query = query.order_by(models.c.published_at).limit(1)
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def keep_policy(write: Write, version: str, content: str) -> None:
    """Store a policy under its hash, so that decisions made under it can be replayed."""
    if write.claims is not None:
        raise MustBeAlone
    known = sa.select(policies.c.version).where(policies.c.version == version)
    if write.connection.execute(known).scalar() is None:
        write.connection.execute(
            sa.insert(policies).values(version=version, kept_at=write.at, content=content)
        )


def policy_content(connection: sa.Connection, version: str) -> str | None:
    """The policy stored under a hash; None where there is none."""
    found = _CONTENT(connection, version=version)
    return str(found[0]["content"]) if found else None


_CONTENT = Prepared(
    sa.select(policies.c.content).where(
        policies.c.version == sa.bindparam("version", type_=sa.Text)
    )
)
