"""Which policy is in force for whom: one for all, others for single merchants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from risk.policy.reading import load
from risk.policy.schema import Policy

GENERAL = "default"


@dataclass(frozen=True, slots=True)
class Policies:
    """The general policy, and those of merchants that have their own, by merchant id."""

    general: Policy
    own: Mapping[str, Policy] = field(default_factory=dict)

    def of(self, merchant_id: str | None) -> Policy:
        """The policy a merchant's requests are decided under."""
        return self.general if merchant_id is None else self.own.get(merchant_id, self.general)

    @staticmethod
    def load(path: Path | None = None) -> Policies:
        """A policy file for everybody, or a folder of `MERCHANT_ID.toml` beside `default.toml`.

        Without a path, or a `default.toml`, the product's own policy is the general one. Raises
        PolicyRefused naming file and lines at fault.
        """
        if path is None or not path.is_dir():
            return Policies(load(path))
        files = {file.stem: file for file in sorted(path.glob("*.toml"))}
        general = load(files.pop(GENERAL, None))
        return Policies(general, {merchant: load(file) for merchant, file in files.items()})
