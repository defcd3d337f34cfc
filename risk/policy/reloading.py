"""The policies in force: one for all, others for single merchants; reloaded when files change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from risk.errors import BadInput, CurrencyWithoutRate, PolicyRefused, Problem
from risk.facts import ORDERS
from risk.policy.loading import load
from risk.policy.schema import Policy

GENERAL = "default"

Stamps = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Policies:
    """The general policy, and those of merchants that have their own, by merchant id.

    `general_file` names the file of the general one; empty for the product's own policy.
    """

    general: Policy
    own: Mapping[str, Policy] = field(default_factory=dict)
    general_file: str = ""

    def of(self, merchant_id: str | None) -> Policy:
        """The policy a merchant's requests are decided under."""
        return self.general if merchant_id is None else self.own.get(merchant_id, self.general)

    def refusal(self, missing: CurrencyWithoutRate, merchant_id: str | None) -> BadInput:
        """The refusal of a case of a merchant for its currency: names the file that lacks it."""
        own = f"{merchant_id}.toml" if merchant_id in self.own else self.general_file
        file = own or "a policy file of your own (REFUND_RISK_POLICY)"
        expected = f"a currency with a rate: add {missing.currency} to [currency.rates] of {file}"
        return BadInput([Problem(ORDERS.name, None, "currency", expected, missing.currency)])

    @property
    def versions(self) -> dict[str, str]:
        """The hash of each policy, the general one's under `default`."""
        return {GENERAL: self.general.version, **{m: p.version for m, p in self.own.items()}}

    @staticmethod
    def load(path: Path | None = None) -> Policies:
        """A policy file for everybody, or a folder of `MERCHANT_ID.toml` beside `default.toml`.

        Without a path, or a `default.toml`, the product's own policy is the general one. Raises
        PolicyRefused naming file and lines at fault.
        """
        if path is None or not path.is_dir():
            return Policies(load(path), general_file=path.name if path else "")
        files = {file.stem: file for file in sorted(path.glob("*.toml"))}
        own = files.pop(GENERAL, None)
        policies = {merchant: load(file) for merchant, file in files.items()}
        return Policies(load(own), policies, own.name if own else "")


class ReloadingPolicies:
    """The policies of a path, loaded again when a file changes.

    `refused` holds the faults of files that could not be loaded; until they are corrected the
    policies loaded before stay in force.
    """

    def __init__(self, path: Path | None) -> None:
        """Load the policies. Raises PolicyRefused: a service does not start with a faulty one."""
        self._path = path
        self._stamps = _stamps(path)
        self.policies = Policies.load(path)
        self.refused = ""

    def reload(self) -> bool:
        """Load the files again where one changed; True where other policies are in force now.

        Raises PolicyRefused, once for each change, for files that cannot be loaded.
        """
        stamps = _stamps(self._path)
        if stamps == self._stamps:
            return False
        self._stamps = stamps
        try:
            found = Policies.load(self._path)
        except PolicyRefused as refused:
            self.refused = str(refused)
            raise
        self.refused = ""
        changed = found.versions != self.policies.versions
        self.policies = found
        return changed


def _stamps(path: Path | None) -> Stamps:
    """The name, time of writing (ns), size and inode of each file."""
    if path is None:
        return ()
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    stamps = []
    for file in files:
        try:
            about = file.stat()
        except OSError:
            continue
        stamps.append((file.name, about.st_mtime_ns, about.st_size, about.st_ino))
    return tuple(stamps)
