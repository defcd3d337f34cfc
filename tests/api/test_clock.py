"""A machine whose clock was set back: the store's goes on, and nothing waits for the machine's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from risk.history.connection.connect import now_ms
from risk.history.schema import commits
from risk.history.store import History
from risk.webhooks import deliveries
from tests.api.serving import SECRET, Running, running
from tests.api.test_scoring import body
from tests.listening import listening

HOUR_MS = 3_600_000


def set_ahead(run: Running) -> None:
    """What the store is left with when the clock of every machine stood an hour ahead."""
    with run.service.history.engine.begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(sa.insert(commits).values(at=now_ms() + HOUR_MS))


def soon() -> dict[str, Any]:
    """A request of ten minutes ahead of this machine's clock."""
    made = body()
    made["refund"]["requested_at"] = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
    return made


def _ask(client: httpx.Client, made: dict[str, Any]) -> httpx.Response:
    return client.post("/v1/refunds/score", json=made)


def test_the_future_is_refused_for_good_only_by_a_clock_that_can_be_right(folder: Path) -> None:
    with running(folder) as run, run.client() as client:
        assert _ask(client, soon()).status_code == 422
        set_ahead(run)
        told = _ask(client, soon())
        assert told.status_code == 503
        assert told.headers["retry-after"] == "1"
        assert "clock" in told.json()["detail"]
        stored = client.post("/v1/refunds", json=soon()["refund"])
        assert stored.status_code == 503
        wrong = soon()
        wrong["refund"]["amount"] = "-1"
        assert _ask(client, wrong).status_code == 422
        assert _ask(client, body()).status_code == 200


@pytest.mark.parametrize("statuses", [(204,), (500, 204)], ids=["at once", "again"])
def test_pushes_do_not_wait_for_the_clock(
    folder: Path, statuses: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "PAUSES_S", (1, *deliveries.PAUSES_S[1:]))
    with running(folder) as run, run.client() as client, listening(*statuses) as listener:
        set_ahead(run)
        asked = {"url": listener.url, "events": ["decision.made"], "private": True}
        assert client.post("/v1/receivers", json=asked).status_code == 201
        decided = _ask(client, body()).json()
        for _ in statuses:
            assert listener.next()["json"]["data"] == decided


def test_a_service_started_after_a_silent_week_waits_for_a_persons_word(folder: Path) -> None:
    with running(folder) as run, run.client() as client:
        assert _ask(client, body()).status_code == 200
        history = run.service.history
        with history.engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.execute(sa.update(commits).values(at=commits.c.at - 8 * 24 * HOUR_MS))
        history.ask_after_silence()  # as the start of a service does
        for refused in (client.get("/readyz"), _ask(client, body())):
            assert refused.status_code == 503
            assert "clock --confirm" in refused.json()["detail"]
        by_hand = History.open(f"sqlite:///{folder}/store.db", SECRET)
        with by_hand.write():
            pass
        by_hand.close()
        assert client.get("/readyz").status_code == 200
        assert _ask(client, body()).status_code == 200
