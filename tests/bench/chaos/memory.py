"""Workers that get no more memory, under load and with large bodies besides."""

from __future__ import annotations

import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import orjson

from tests.bench.chaos.load import wait_for
from tests.bench.chaos.scenario import Place, Told, loaded
from tests.bench.chaos.world import token

ROOM = 8 << 20
"""Bytes that a worker may still take."""

ROWS = 1_000
LARGE = 24


def memory(place: Place, told: Told) -> None:
    """No more memory for the workers, large bodies beside the load; then enough again."""
    with loaded(place, told) as (service, load):
        wait_for(load, 20)
        pids, content = service.worker_pids(), _large()
        for pid in pids:
            _limit(pid, _taken(pid) + ROOM)
        key = {"authorization": f"Bearer {token(place.url)}"}
        with ThreadPoolExecutor(8) as callers:
            sent = [(service.url, key, content)] * LARGE
            answers = list(callers.map(_send, sent))
        for pid in set(pids) & set(service.worker_pids()):
            _limit(pid, resource.RLIM_INFINITY)
        service.wait_ready()
        wait_for(load, 20)
    odd = sorted({status for status in answers if status >= 500 and status != 503})
    told.hold(not odd, f"large bodies were answered {odd}")
    told.done = (
        f"{ROOM >> 20} MB left to each worker, {LARGE} bodies of {len(content) >> 20} MB: "
        f"{answers.count(503)} × 503, {answers.count(0)} × cut, {len(answers)} in all"
    )


def _large() -> bytes:
    """A body of about fifteen megabytes whose rows are all wrong."""
    row = {"order_id": "x" * 190, "amount": "no amount", **{f"u{n}": "y" * 150 for n in range(90)}}
    return orjson.dumps([row] * ROWS)


def _send(call: tuple[str, dict[str, str], bytes]) -> int:
    """The status of a large call; 0 where the connection broke or nothing came in time."""
    url, headers, content = call
    headers = {**headers, "content-type": "application/json"}
    try:
        return httpx.post(
            f"{url}/v1/orders", content=content, headers=headers, timeout=60
        ).status_code
    except httpx.TransportError:
        return 0


def _taken(pid: int) -> int:
    """Bytes of address space that a process has now."""
    pages = Path(f"/proc/{pid}/statm").read_text().split()[0]
    return int(pages) * resource.getpagesize()


def _limit(pid: int, most: int) -> None:
    resource.prlimit(pid, resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
