"""The models and policies that stored decisions were made with, each loaded once."""

from __future__ import annotations

from functools import lru_cache

from risk.decisions.judge import Champion
from risk.errors import NotFound, PolicyRefused
from risk.features.catalog import catalogue
from risk.history import published_models
from risk.history.published_models import Published
from risk.history.store import History
from risk.policy import Policy, parse


class MadeWith:
    """Holds the latest of them; both methods raise NotFound or a refusal where one is not kept."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.champion = lru_cache(maxsize=8)(self._champion)
        self.policy = lru_cache(maxsize=8)(self._policy)

    def _champion(self, digest: str, version: str) -> Champion:
        with self.history.read() as connection:
            content = published_models.by_digest(connection, digest)
        if content is None:
            raise NotFound(f"the bundle of version {version} is not kept")
        return Champion.load(Published(0, version, digest, ""), content, catalogue())

    def _policy(self, version: str) -> Policy:
        with self.history.read() as connection:
            content = published_models.policy_content(connection, version)
        if content is None:
            raise NotFound(f"policy {version} is not kept")
        policy = parse(content)
        if policy.version != version:
            raise PolicyRefused(f"policy {version} is kept with the content of {policy.version}")
        return policy
