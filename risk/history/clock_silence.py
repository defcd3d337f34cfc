"""A store that was silent for a week: its first commit waits until the clock is confirmed."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from risk.errors import Unavailable
from risk.facts.units import DAY_MS
from risk.history.connection.clock import SILENCE_MS
from risk.history.connection.connect import latest_commit_at, now_ms


@dataclass(slots=True)
class Silence:
    """Whether writing waits for a person's word. A commit by a command ends it: whoever runs one
    sees the machine's date."""

    waits: bool = False

    def begin(self, connection: sa.Connection) -> None:
        """Wait from now on where the store has been silent for too long."""
        self.waits = _silent_ms(connection) > SILENCE_MS

    def end(self, connection: sa.Connection) -> None:
        """Wait no longer if there was a commit since. Raises Unavailable otherwise."""
        silent = _silent_ms(connection)
        self.waits = silent > SILENCE_MS
        if self.waits:
            raise Unavailable(
                f"the last commit is {silent // DAY_MS} days old: if this machine's clock is "
                "right, confirm it with `refund-risk clock --confirm`"
            )


def _silent_ms(connection: sa.Connection) -> int:
    latest = latest_commit_at(connection)
    return now_ms() - latest if latest else 0
