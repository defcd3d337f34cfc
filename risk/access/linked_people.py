"""Accounts of people whom an identity provider vouches for."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from risk.access.people import Person, add_person, person_of
from risk.access.sign_on import Identity
from risk.errors import BadInput, Forbidden
from risk.history.schema.schema_factors import sign_on_identities
from risk.history.store import History

_t = sign_on_identities.c


def person_for(history: History, identity: Identity, *, provision: bool) -> Person:
    """The account of an identity, linked to it from now on.

    An account that is not there yet is made, as a reviewer, where `provision` says so; its password
    is known to nobody. Raises Forbidden for an unknown person, a deactivated one, and an account
    that is linked to another identity.
    """
    name = identity.claimed.strip().lower()
    with history.read() as connection:
        linked = _linked_to(connection, identity)
        person = person_of(connection, linked or name)
    if person is None and provision and linked is None:
        person = _made(history, name, identity)
    if person is None or person.deactivated:
        raise Forbidden(f"{name} has no account here: ask an administrator")
    if linked is None:
        _link(history, identity, person.name)
    return person


def _linked_to(connection: sa.Connection, identity: Identity) -> str | None:
    here = sa.and_(_t.issuer == identity.issuer, _t.subject == identity.subject)
    found = connection.execute(sa.select(_t.name).where(here)).scalar()
    return None if found is None else str(found)


def _made(history: History, name: str, identity: Identity) -> Person:
    try:
        return add_person(history, name, secrets.token_urlsafe(48), display_name=identity.shown)
    except BadInput as error:
        raise Forbidden(f"{name[:80]} is no name of an account here") from error


def _link(history: History, identity: Identity, name: str) -> None:
    with history.write() as write:
        known = sa.select(_t.subject).where(_t.name == name)
        if write.connection.execute(known).first() is not None:
            raise Forbidden(f"the account {name} belongs to another identity")
        write.connection.execute(
            sa.insert(sign_on_identities).values(
                issuer=identity.issuer, subject=identity.subject, name=name, linked_at=write.at
            )
        )
