"""The version in service, which the store knows, beside what MLflow says of it.

MLflow's pages move aliases and delete versions without the service hearing of it: workers serve
what was published to the store.
"""

from __future__ import annotations

from risk.errors import ModelRefused, NotFound
from risk.history.published_models import newest
from risk.history.store import History
from risk.registry import CHAMPION, Registry
from training.promote import champion_version


def version_in_service(history: History) -> str:
    """The version that workers serve; empty where there is none."""
    with history.read() as connection:
        found = newest(connection, CHAMPION)
    return found.version if found else ""


def rival_of(registry: Registry, history: History, override: str = "") -> str:
    """The version that the gate compares with: the one in service, where there is none the one with
    the alias; empty where there is neither.

    Raises ModelRefused where MLflow does not have it any more, unless `override` gives a reason to
    go on without a comparison.
    """
    version, alias = version_in_service(history), champion_version(registry)
    if not version or version == alias:
        return alias
    try:
        return registry.version_of(version)
    except NotFound:
        if override.strip():
            return ""
        raise ModelRefused(
            f"version {version} is in service and is not in MLflow any more, so there is nothing "
            "to compare with: restore it there, or --override with a reason"
        ) from None


def serves_already(registry: Registry, history: History, version: str) -> bool:
    """Whether this version, by its number or an alias, is in service, and MLflow's champion too."""
    served = version_in_service(history)
    if not served or champion_version(registry) != served:
        return False
    try:
        return registry.version_of(version) == served
    except NotFound:
        return False


def disagreements(registry: Registry, history: History) -> list[str]:
    """Sentences about what MLflow says otherwise than the store."""
    version, alias = version_in_service(history), champion_version(registry)
    if not version or version == alias:
        return []
    said = (
        f"MLflow's alias `{CHAMPION}` is at version {alias}" if alias else "MLflow has no champion"
    )
    return [
        f"version {version} is in service, but {said}: what is done in MLflow's pages does not "
        "change what decides; `refund-risk promote VERSION` does both"
    ]
