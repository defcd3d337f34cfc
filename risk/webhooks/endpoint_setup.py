"""Setting up an endpoint for another system: its name, its secret, its mapping table."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from risk.errors import BadInput, Forbidden, NotFound, Problem
from risk.facts.units import HOUR_MS
from risk.history.connection.connect import now_ms
from risk.history.envelope import SecretCipher
from risk.history.store import History
from risk.webhooks import endpoints
from risk.webhooks.endpoints import Endpoint
from risk.webhooks.mapping_table import MappingTable, read_mapping
from risk.webhooks.signing import OVERLAP_HOURS, key_of
from risk.webhooks.systems import SYSTEMS
from risk.webhooks.systems.system import System

MAX_NAME = 64
MIN_SECRET = 16
"""A secret of fewer characters could be guessed."""

MIN_DIFFERENT = 4
"""One of fewer different characters is none: zeros, a row of one key."""

MAX_OVERLAP_HOURS = 24 * 30


class EndpointSettings(BaseModel):
    """What an endpoint is set up with."""

    model_config = ConfigDict(extra="forbid", strict=True)

    secret: Annotated[str, Field(min_length=MIN_SECRET, max_length=1_000)]
    mapping: Annotated[
        str | None,
        Field(
            max_length=200_000,
            description="a mapping table in TOML that changes the one the system comes with",
        ),
    ] = None
    overlap_hours: Annotated[
        float | None,
        Field(
            ge=0,
            le=MAX_OVERLAP_HOURS,
            description=f"for so long the secret before is taken too; without it {OVERLAP_HOURS:g}",
        ),
    ] = None

    private_files: Annotated[
        bool | None,
        Field(
            description="fetch files by plain http, from other ports and from the own network too; "
            "only a call from the service's own machine may allow it"
        ),
    ] = None

    @field_validator("secret")
    @classmethod
    def _not_zeros(cls, given: str) -> str:
        """Some systems show zeros where a secret was never set."""
        if len(set(key_of(given))) < MIN_DIFFERENT:
            raise ValueError(f"a secret of at least {MIN_DIFFERENT} different characters")
        return given


def set_up_endpoint(
    history: History, cipher: SecretCipher, system: str, name: str, settings: EndpointSettings,
    *, local: bool = False,
) -> int:  # fmt: skip
    """Set an endpoint up, or replace its settings; answers when (ms). `local` says whether this
    machine asks for it.

    Raises NotFound for an unknown system, BadInput for a name or a mapping that cannot be one, and
    Forbidden for `private_files` from elsewhere than this machine.
    """
    private = bool(settings.private_files)
    if private and not local:
        raise Forbidden("private_files: only a call from this machine may allow it")
    if system not in SYSTEMS:
        raise NotFound(f"no system {system}: one of {', '.join(SYSTEMS)}")
    _check_name(name)
    mapping = settings.mapping or ""
    mapping_of(SYSTEMS[system], mapping)
    hours = OVERLAP_HOURS if settings.overlap_hours is None else settings.overlap_hours
    with history.write() as write:
        made = Endpoint(system, name, settings.secret, mapping, write.at, private_files=private)
        before = endpoints.find(write.connection, cipher, system, name)
        if before is not None:
            made = _overlapping(made, before, now_ms() + int(hours * HOUR_MS))
        endpoints.put(write, cipher, made)
        return write.at


def _overlapping(made: Endpoint, before: Endpoint, until: int) -> Endpoint:
    """The endpoint with the secret it had before, where that is another one."""
    if before.secret == made.secret:
        return replace(made, previous=before.previous, previous_until=before.previous_until)
    return replace(made, previous=before.secret, previous_until=until)


def _check_name(name: str) -> None:
    plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    if not plain or len(name) > MAX_NAME:
        expected = f"an endpoint's name: up to {MAX_NAME} letters, digits, - and _"
        raise BadInput([Problem("endpoint", None, None, expected)])


def stored_mapping(history: History, system: str, name: str) -> str:
    """The table that an endpoint was set up with. Raises NotFound."""
    with history.read() as connection:
        found = endpoints.find(connection, SecretCipher(history.envelope_key), system, name)
    if found is None:
        raise NotFound(f"no endpoint {system}/{name}")
    return found.mapping


@lru_cache(maxsize=64)
def mapping_of(system: System, mapping: str) -> MappingTable:
    """The system's own mapping table, changed by that of an endpoint. Raises BadInput."""
    return read_mapping(mapping, system.mapping())
