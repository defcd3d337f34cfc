"""How much is taken on: sizes, times, threads, and calls a second of each key."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.problems import Trouble

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process of the service accepts before it says no.

    `rate` is calls a second of one key and `burst` how many at once; `threads` work at the same
    time and at most `waiting` more calls wait for one; times are in seconds, sizes in bytes.
    """

    single: int = MEGABYTE
    list: int = 16 * MEGABYTE
    body_seconds: float = 20.0
    head: int = 65_536
    header_seconds: float = 10.0
    rate: float = 2_000.0
    burst: float = 4_000.0
    threads: int = 4
    waiting: int = 128
    connections: int = 2_048


@dataclass(slots=True)
class Rates:
    """A bucket of tokens a key, filled as time goes by, one taken by each call."""

    limits: Limits
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, key_id: str, rate: float | None, now: float) -> None:
        """Take a token at `now` (seconds). Raises Trouble (429) saying when the next is there."""
        pace = rate or self.limits.rate
        room = max(1.0, pace * self.limits.burst / self.limits.rate)
        tokens, since = self._buckets.get(key_id, (room, now))
        tokens = min(room, tokens + (now - since) * pace)
        if tokens < 1:
            self._buckets[key_id] = (tokens, now)
            wait = max(1, round((1 - tokens) / pace + 0.5))
            raise Trouble(
                "too-many-requests",
                f"at most {pace:g} calls a second with this key",
                headers={"retry-after": str(wait)},
            )
        self._buckets[key_id] = (tokens - 1, now)
