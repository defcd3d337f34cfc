"""Which policy is in force for whom: one for all, others for single merchants; and their change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from risk.errors import PolicyRefused
from risk.policy.loading import load
from risk.policy.schema import Policy

GENERAL = "default"

Marks = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Policies:
    """The general policy, and those of merchants that have their own, by merchant id."""

    general: Policy
    own: Mapping[str, Policy] = field(default_factory=dict)

    def of(self, merchant_id: str | None) -> Policy:
        """The policy a merchant's requests are decided under."""
        return self.general if merchant_id is None else self.own.get(merchant_id, self.general)

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
            return Policies(load(path))
        files = {file.stem: file for file in sorted(path.glob("*.toml"))}
        general = load(files.pop(GENERAL, None))
        return Policies(general, {merchant: load(file) for merchant, file in files.items()})


class Shelf:
    """The policies of a path, read again when a file changes.

    `refused` says what is wrong with files that could not be taken; until they are mended the
    policies read before stay in force.
    """

    def __init__(self, path: Path | None) -> None:
        """Raises PolicyRefused: nothing begins with a policy that does not hold."""
        self._path = path
        self._seen = _marks(path)
        self.policies = Policies.load(path)
        self.refused = ""

    def look(self) -> bool:
        """Whether other policies hold from now on; costs nothing while no file was touched.

        Raises PolicyRefused, once for each change, for files that cannot be taken.
        """
        marks = _marks(self._path)
        if marks == self._seen:
            return False
        self._seen = marks
        try:
            found = Policies.load(self._path)
        except PolicyRefused as refused:
            self.refused = str(refused)
            raise
        self.refused = ""
        changed = found.versions != self.policies.versions
        self.policies = found
        return changed


def _marks(path: Path | None) -> Marks:
    """What tells that a file was written: its name, time (ns), size and number."""
    if path is None:
        return ()
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    marks = []
    for file in files:
        try:
            about = file.stat()
        except OSError:
            continue
        marks.append((file.name, about.st_mtime_ns, about.st_size, about.st_ino))
    return tuple(marks)
