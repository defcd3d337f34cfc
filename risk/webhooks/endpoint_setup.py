"""Setting up an endpoint for another system: its name, its secret, its mapping table."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from risk.errors import BadInput, NotFound, Problem
from risk.facts.parse import shown
from risk.history.envelope import SecretCipher
from risk.history.store import History
from risk.webhooks import endpoints
from risk.webhooks.mapping_table import MappingTable, read_mapping
from risk.webhooks.systems import SYSTEMS
from risk.webhooks.systems.system import System

MAX_NAME = 64
MIN_SECRET = 16
"""A secret of fewer characters could be guessed."""


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


def set_up_endpoint(
    history: History, cipher: SecretCipher, system: str, name: str, settings: EndpointSettings
) -> int:
    """Set an endpoint up, or replace its settings; answers when (ms).

    Raises NotFound for an unknown system, and BadInput for a name or a mapping that cannot be one.
    """
    if system not in SYSTEMS:
        raise NotFound(f"no system {system}")
    _check_name(name)
    mapping = settings.mapping or ""
    mapping_of(SYSTEMS[system], mapping)
    with history.write() as write:
        endpoints.put(write, cipher, system, name, settings.secret, mapping)
        return write.at


def _check_name(name: str) -> None:
    plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    if not plain or len(name) > MAX_NAME:
        expected = f"an endpoint's name: up to {MAX_NAME} letters, digits, - and _"
        raise BadInput([Problem("endpoint", None, None, expected, shown(name))])


@lru_cache(maxsize=64)
def mapping_of(system: System, mapping: str) -> MappingTable:
    """The system's own mapping table, changed by that of an endpoint. Raises BadInput."""
    return read_mapping(mapping, system.mapping())
