"""Playing a day into a running service, through its API alone."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from typing import Any

import httpx

from risk.errors import Forbidden, Unavailable
from training.demo.script import Call
from training.progress import Progress

PATIENCE = 5
BUSY = frozenset({429, 503})


@dataclass(slots=True)
class Played:
    """What came of it: calls made, and the tier of each request's latest answer."""

    calls: int = 0
    tiers: dict[str, str] = field(default_factory=dict)

    def counts(self) -> Counter[str]:
        return Counter(self.tiers.values())


@dataclass(frozen=True, slots=True)
class ServiceAddress:
    """A service at an address, and the key of its caller."""

    address: str
    key: str

    def open(self) -> httpx.Client:
        """A client of it. Raises Unavailable where none answers, Forbidden for another's key."""
        headers = {"authorization": f"Bearer {self.key}"}
        client = httpx.Client(base_url=self.address, headers=headers, timeout=30)
        try:
            answers = client.get("/readyz"), client.get("/v1/model")
        except httpx.HTTPError as error:
            client.close()
            raise Unavailable(
                f"no service answers at {self.address}: run `make serve` in another terminal, "
                "and `make demo` again"
            ) from error
        if any(answer.status_code in (401, 403) for answer in answers):
            client.close()
            raise Forbidden(f"the service at {self.address} does not know this demo's key")
        return client


def play(
    client: httpx.Client, calls: Sequence[Call], seconds: float, tell: Progress, played: Played,
    stop: Event,
) -> None:  # fmt: skip
    """Make the calls over so many seconds, or as fast as they are answered where that is longer.

    Setting `stop` ends it before the next call. `played` says how far it came, whatever ends it.
    Raises Unavailable where the service stops answering or refuses a fact.
    """
    began = time.monotonic()
    requests = sum(call.kind == "refunds" for call in calls)
    for call in calls:
        if stop.wait(max(0.0, began + call.at * seconds - time.monotonic())):
            return
        _make(client, call, played)
        played.calls += 1
        tell("requests", len(played.tiers), requests)


def _make(client: httpx.Client, call: Call, played: Played) -> None:
    facts = call.facts_at(datetime.now(UTC))
    if call.kind == "refunds":
        decided = _post(client, "/v1/refunds/score", {"refund": facts[0]})
    else:
        _post(client, f"/v1/{call.kind}", facts)
        if not call.refund_id:
            return
        decided = _post(client, f"/v1/refunds/{call.refund_id}/score", None)
    played.tiers[call.refund_id] = decided["tier"]


def _post(client: httpx.Client, path: str, body: Any) -> Any:
    """The answer to a call; while the service is busy it is made again."""
    for wait in range(PATIENCE):
        try:
            answer = client.post(path, json=body) if body is not None else client.post(path)
        except httpx.HTTPError as error:
            raise Unavailable(f"the service stopped answering: {error}") from error
        if answer.status_code not in BUSY:
            break
        time.sleep(0.2 * 2**wait)
    if answer.is_error:
        raise Unavailable(f"{path} answered {answer.status_code}: {answer.text[:300]}")
    return answer.json()
