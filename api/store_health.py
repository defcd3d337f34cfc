"""Health of the store, shared by all workers: the state of the readiness check's circuit breaker.

After a failed call the service is not ready until a probe write succeeds.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

_NAME = "store_failed"


class CircuitBreaker:
    """When the store last failed a call (monotonic seconds), until a write succeeds.

    Processes that share a folder share it, so that each of them answers a load balancer alike.
    """

    def __init__(self, folder: Path | None) -> None:
        self._file = None if folder is None else folder / _NAME
        self._opened_at: float | None = None

    def open(self) -> None:
        """Open the breaker: the store failed a call just now."""
        self._opened_at = time.monotonic()
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.write_text(repr(self._opened_at))

    def opened_at(self) -> float | None:
        """When the store last failed; None where it is healthy."""
        if self._file is None or not self._file.parent.exists():
            return self._opened_at
        try:
            return float(self._file.read_text())
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            return self._opened_at

    def close(self, opened_at: float) -> None:
        """Close the breaker after a write; a failure later than `opened_at` keeps it open."""
        if self.opened_at() != opened_at:
            return
        self._opened_at = None
        if self._file is not None:
            self._file.unlink(missing_ok=True)
