"""A store of facts with a model in service, decided cases, and thousands more in the queue."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from risk.history.case_state import rank
from risk.history.schema import requests
from risk.history.schema.schema_cases import cases
from risk.history.store import History
from tests.bench.reading.people import let_in
from tests.bench.under_load import world
from tests.bench.under_load.processes import free_port, python, started
from tests.bench.under_load.services import SECRET, Place

LEARNED_FROM = 50_000
DECIDED = 60
TRIED = 4_000
HOUR_MS = 3_600_000
Row = dict[str, Any]


@contextmanager
def served(folder: Path, facts: int, open_cases: int) -> Iterator[tuple[str, int, list[str]]]:
    """The service's address and process, and the requests in the queue that it decided itself.

    The model is learned from a smaller world: it is its size that costs time, not its skill.
    """
    place, small = Place(folder / "world", facts, 0), Place(folder / "small", LEARNED_FROM, 0)
    for one in (place, small):
        one.folder.mkdir(parents=True, exist_ok=True)
        one.fill(one.sqlite, "sqlite.filled")
    history = History.open(place.sqlite, SECRET)
    token = world.put_in_service(history, *small.bundle())
    port = free_port()
    environ = {"REFUND_RISK_DATABASE_URL": place.sqlite, "REFUND_RISK_SECRET": SECRET}
    command = python("-m", "api", "--port", str(port))
    try:
        with started(command, port, "/readyz", place.log, environ) as service:
            url = f"http://127.0.0.1:{port}"
            decided = _decide(url, token, world.Requests.of(place.world))
            _fill(history, open_cases)
            let_in(history)
            yield url, service, decided
    finally:
        history.close()


def _decide(url: str, token: str, asked: world.Requests) -> list[str]:
    """Have requests decided until enough of them need a person; the names of those."""
    found: list[str] = []
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    with httpx.Client(base_url=url, headers=headers, timeout=120) as client:
        for number, body in enumerate(asked.bodies(world.fresh_tag())):
            answer = client.post("/v1/refunds/score", content=body)
            if answer.status_code != 200:
                raise SystemExit(f"a request was not decided: {answer.text}")
            decision = answer.json()
            if decision["tier"] != "approve":
                found.append(decision["refund_id"])
            if len(found) == DECIDED or number == TRIED:
                break
    if not found:
        raise SystemExit("none of the requests needed a person")
    return found


def _fill(history: History, wanted: int) -> None:
    """Put stored requests into the queue, as the decided ones stand there, until it is full."""
    dice = random.Random(4)
    with history.write() as write:
        read = write.connection
        kept = [dict(row) for row in read.execute(sa.select(cases)).mappings()]
        there = sum(row["state"] == "open" for row in kept)
        models = [row for row in kept if row["state"] == "open"]
        known = sa.select(cases.c.refund_id)
        names = sa.select(requests.c.refund_id).where(requests.c.refund_id.not_in(known))
        more = read.execute(names.limit(max(wanted - there, 0))).scalars().all()
        rows = [_like(dice, dice.choice(models), name) for name in more]
        if rows:
            read.execute(sa.insert(cases), rows)


def _like(dice: random.Random, model: Row, name: str) -> Row:
    """A case like another, with money and time of its own."""
    stake = model["stake"] * dice.lognormvariate(0, 1)
    due = model["respond_by"] + dice.randrange(-12 * HOUR_MS, 48 * HOUR_MS)
    return {
        **model, "refund_id": name, "stake": stake, "respond_by": due,
        "rank": rank(due, stake, first=False), "linked": dice.randrange(0, 30),
    }  # fmt: skip
