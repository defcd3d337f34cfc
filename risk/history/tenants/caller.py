"""Whose facts a call brings: everybody's, or those of the merchants that its key is bound to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Caller:
    """For which `merchants` a caller speaks, none: for all of them; ids are within these.

    `bound`: it can speak for no other, so what is not known to be about theirs waits. A caller for
    all may name a merchant too, and is believed. `internal`: its ids are those of the store.
    """

    merchants: frozenset[str] = frozenset()
    bound: bool = False
    internal: bool = False

    @classmethod
    def bound_to(cls, *merchants: str) -> Caller:
        """A caller bound to merchants; without any, one that speaks for all."""
        return cls(frozenset(merchants), bool(merchants))

    def narrowed(self, merchants: Iterable[str | None]) -> Caller:
        """The caller for the one of its merchants that its facts name; itself where they name none,
        several or another's."""
        named = set(merchants)
        own = frozenset(m for m in named if m in self.merchants)
        return replace(self, merchants=own) if len(named) == len(own) == 1 else self

    @property
    def merchant(self) -> str | None:
        """The one merchant it speaks for; None where it speaks for several or for all."""
        return next(iter(self.merchants)) if len(self.merchants) == 1 else None


ANYONE = Caller()
"""A caller that speaks for all merchants, and names none."""

CONSOLE = Caller(internal=True)
"""Whoever works on a case of the store, by its own ids."""
