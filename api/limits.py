"""Limits of the service: body sizes, timeouts, threads, and the rate limit of each key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from api.problems import ProblemError
from risk.errors import Unavailable

MEGABYTE = 1 << 20
MOST_BUCKETS = 10_000
NEARLY = 1e-6
"""Tolerance of the token bucket: who waited for `Retry-After` must not fail by rounding."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process of the service accepts before it says no.

    `rate` is calls a second of one key and `burst` how many at once; `threads` work at the same
    time and at most `waiting` more calls wait for one; `uploads` files of at most `file` bytes are
    taken in at the same time. A client may send `ahead` calls before it has their answers, and
    `unread` bytes of those lie with the system. Times are in seconds, sizes in bytes.
    """

    single: int = MEGABYTE
    list: int = 16 * MEGABYTE
    form: int = 65_536
    file: int = 25 * MEGABYTE
    uploads: int = 8
    body_seconds: float = 20.0
    head: int = 65_536
    header_seconds: float = 10.0
    rate: float = 2_000.0
    burst: float = 4_000.0
    threads: int = 4
    waiting: int = 128
    connections: int = 2_048
    unread: int = 131_072
    ahead: int = 128

    @property
    def files(self) -> int:
        """Bytes of a form with several files."""
        return 2 * self.file


@dataclass(slots=True)
class Slots:
    """Room for so many at the same time, within one event loop; nobody waits for it."""

    most: int
    taken: int = 0

    @contextmanager
    def hold(self, refusal: str) -> Iterator[None]:
        """One of the slots until the block ends. Raises Unavailable where none is free."""
        if self.taken >= self.most:
            raise Unavailable(refusal)
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1


@dataclass(slots=True)
class RateLimiter:
    """A bucket of tokens a name, filled as time goes by, one taken by each call.

    A name may be any text that a caller sends, so buckets that are full again are forgotten. A
    bucket is how many tokens were left, when, and when it is full again (seconds).
    """

    limits: Limits
    _buckets: dict[str, tuple[float, float, float]] = field(default_factory=dict)

    def take(self, name: str, rate: float | None, now: float) -> None:
        """Take a token at `now` (seconds). Raises ProblemError (429) with `Retry-After`."""
        pace = rate or self.limits.rate
        room = max(1.0, pace * self.limits.burst / self.limits.rate)
        left, since, _ = self._buckets.get(name, (room, now, now))
        tokens = min(room, left + (now - since) * pace)
        if tokens < 1 - NEARLY:
            wait = max(1, round((1 - tokens) / pace + 0.5))
            raise ProblemError(
                "too-many-requests",
                f"at most {pace:g} calls a second with this key",
                headers={"retry-after": str(wait)},
            )
        if len(self._buckets) >= MOST_BUCKETS:
            self._buckets = {n: kept for n, kept in self._buckets.items() if kept[2] > now}
        self._buckets[name] = (max(0.0, tokens - 1), now, now + (room - tokens + 1) / pace)
