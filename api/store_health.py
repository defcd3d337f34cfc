"""Whether the store may be trusted with a write: what one process met, all of them know."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

_NAME = "doubt"


class Doubt:
    """When the store last failed a call (monotonic seconds), until a write goes well again.

    Processes that share a folder share the doubt: a load balancer that asks one of them whether
    all are ready is told what another has just met.
    """

    def __init__(self, folder: Path | None) -> None:
        self._file = None if folder is None else folder / _NAME
        self._since: float | None = None

    def begin(self) -> None:
        """The store failed a call just now."""
        self._since = time.monotonic()
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.write_text(repr(self._since))

    def since(self) -> float | None:
        """When that last was; None where nothing is in doubt."""
        if self._file is None or not self._file.parent.exists():
            return self._since
        try:
            return float(self._file.read_text())
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            return self._since

    def end(self, since: float) -> None:
        """A write went well; a doubt that came up after `since` stays."""
        if self.since() != since:
            return
        self._since = None
        if self._file is not None:
            self._file.unlink(missing_ok=True)
