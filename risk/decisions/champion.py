"""Finding and loading the models that decide: in service, tried beside it, or of the past."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np

from risk.decisions.decision import NAME, ModelVersion
from risk.decisions.policy_features import POLICY_FEATURES, Places, policy_places
from risk.errors import ModelRefused, NotFound, PolicyRefused
from risk.explain import ReasonBuilder
from risk.features.catalog import catalogue
from risk.features.spec import Feature
from risk.history import published_models
from risk.history.published_models import Published
from risk.history.reading.point_reader import Reader
from risk.history.store import History
from risk.model import EXPECTED, PROVEN, Bundle
from risk.policy import Policy, Thresholds, parse_stored

Role = Literal["champion", "challenger"]
MAX_CACHED = 8
"""Models, and policies, held in memory once they were loaded."""


@dataclass(frozen=True)
class Champion:
    """A model ready to decide, whatever its role, and the features a decision with it needs.

    `features` are the bundle's own, in its order; then come those only the policy reads.
    A vector holds them all in this order; `places` says where the policy's stand.
    """

    published: Published
    bundle: Bundle
    features: tuple[Feature, ...]
    places: Places
    thresholds: Thresholds | None
    reader: Reader
    reason_builder: ReasonBuilder

    @classmethod
    def load(cls, published: Published, content: bytes) -> Champion:
        """Check and warm a published bundle. Raises ModelRefused, naming what is missing."""
        known = {feature.name: feature for feature in catalogue()}
        bundle = Bundle.load(content, {name: feature.hash for name, feature in known.items()})
        if bundle.digest != published.digest:
            raise ModelRefused(f"version {published.version} is not the bundle of its digest")
        own = tuple(bundle.features)
        names = (*own, *(name for name in POLICY_FEATURES if name not in bundle.features))
        features = tuple(known[name] for name in names)
        for lane in bundle.lanes:
            bundle.score(np.full(len(own), np.nan), lane)
        return cls(
            published=published,
            bundle=bundle,
            features=features,
            places=policy_places(names),
            thresholds=thresholds_of(bundle),
            reader=Reader(features, bundle.words),
            reason_builder=ReasonBuilder(features[: len(own)]),
        )

    @property
    def named(self) -> ModelVersion:
        """The model as its Decisions name it."""
        about = self.bundle.about
        return {
            "name": NAME,
            "version": self.published.version,
            "experience": about.get("experience", "own"),
            "calibrated": about.get("calibrated", True),
        }


def thresholds_of(bundle: Bundle) -> Thresholds | None:
    """The probabilities below which nobody may be bothered; None where training found none."""
    given: Mapping[str, float] = bundle.thresholds
    if PROVEN not in given and EXPECTED not in given:
        return None
    proven, person = given.get(PROVEN, 1.0), given.get("person_above")
    return Thresholds(proven, person, given.get(EXPECTED), bundle.of_group)


class Models:
    """The models that decide, or once decided, in one store; each digest is loaded once."""

    def __init__(self, history: History, cached: int = MAX_CACHED) -> None:
        self.history = history
        self._loaded = lru_cache(maxsize=cached)(self._load)
        self.policy = lru_cache(maxsize=cached)(self._policy)

    def newest(self, role: Role = "champion") -> Published | None:
        """What is in service in a role; a challenger that is the champion by now is none."""
        with self.history.read() as connection:
            if role == "challenger":
                return published_models.challenger(connection)
            return published_models.newest(connection, role)

    def champion(self) -> Champion:
        """The model in service. Raises NotFound before the first promotion, ModelRefused."""
        newest = self.newest()
        if newest is None:
            raise NotFound("no model has been promoted yet: run `refund-risk promote starter`")
        return self.of(newest)

    def of(self, published: Published) -> Champion:
        """A published model. Raises ModelRefused where it cannot be served here."""
        return replace(self._loaded(published.digest, published.version), published=published)

    def past(self, digest: str, version: str) -> Champion:
        """A model by its digest. Raises NotFound where it is not stored, ModelRefused."""
        return self.of(Published(0, version, digest, ""))

    def latest_good(self, refused: Published) -> Champion | None:
        """The latest champion before a refused one that can be served."""
        earlier = self._before(refused)
        while earlier is not None:
            with suppress(ModelRefused):
                return self.of(earlier)
            earlier = self._before(earlier)
        return None

    def _before(self, published: Published) -> Published | None:
        with self.history.read() as connection:
            return published_models.newest(connection, "champion", published.published_at)

    def _load(self, digest: str, version: str) -> Champion:
        with self.history.read() as connection:
            content = published_models.by_digest(connection, digest)
        if content is None:
            raise NotFound(f"the bundle of version {version} is not stored")
        return Champion.load(Published(0, version, digest, ""), content)

    def _policy(self, version: str) -> Policy:
        """The policy that decisions were made under, by its version.

        Raises NotFound where it is not stored, PolicyRefused where this release cannot read it.
        """
        with self.history.read() as connection:
            content = published_models.policy_content(connection, version)
        if content is None:
            raise NotFound(f"policy {version} is not kept")
        policy = parse_stored(content)
        if policy.version != version:
            raise PolicyRefused(f"policy {version} is kept with the content of {policy.version}")
        return policy
