"""The demo's day: who plays in it, and that a real service takes every call of it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import httpx
import orjson
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from risk.access import keys
from risk.history.store import History
from tests.shops import Shop
from training.cli import app
from training.demo import NOTE, Call, Cast, Demo, cast, script
from training.demo.cast import REFUNDS, SEED
from training.simulate import SCHEME_NAMES, simulate

pytestmark = pytest.mark.whole

REQUESTS = 90


@pytest.fixture(scope="module")
def day() -> Cast:
    return cast(REQUESTS, seed=5)


@pytest.fixture(scope="module")
def calls(day: Cast) -> list[Call]:
    return script(day, "D1", seed=5)


def test_every_scheme_a_batch_and_a_rush_play(day: Cast) -> None:
    refunds, orders = day.facts["refunds"], day.facts["orders"]
    scenes = refunds["scene"].value_counts()
    assert len(refunds) == REQUESTS
    assert set(SCHEME_NAMES) <= set(scenes.index)
    named = refunds.merge(orders.drop_duplicates("order_id"), on="order_id")
    ring = named[named["scene"] == "account_ring"]
    assert ring["customer_id"].nunique() >= 3
    assert scenes["batch"] >= 5
    assert named.loc[named["scene"] == "batch", "sku"].nunique() == 1
    rush = named[named["scene"] == "rush"]
    assert scenes["rush"] >= 10
    assert set(rush["channel"]) == {"live"}
    assert rush["merchant_id"].nunique() == 1
    assert set(day.show["merchant_id"]) <= set(rush["merchant_id"])


def test_the_people_are_those_of_the_marketplace(day: Cast, tmp_path: Path) -> None:
    simulate(tmp_path / "year", days=365, seed=SEED, refunds=REFUNDS)
    year = pd.read_parquet(tmp_path / "year" / "orders.parquet")
    homes = year.groupby("customer_id")["shipping_address"].agg(set)
    today = day.facts["orders"].dropna(subset=["shipping_address"])
    known = today[today["customer_id"].isin(homes.index)]
    assert len(known) > 0.9 * len(today)
    lived = zip(known["shipping_address"], known["customer_id"], strict=True)
    at_home = [address in homes[customer] for address, customer in lived]
    assert sum(at_home) > 0.6 * len(at_home)


def test_accounts_are_as_old_as_the_marketplace_says(day: Cast) -> None:
    customers = day.facts["orders"]["customer_id"].unique()
    then = pd.Timestamp("2020-05-01", tz="Asia/Shanghai")
    told = cast(REQUESTS, 5, pd.Series(then, index=customers)).facts["orders"]
    new = told["customer_id"].str.endswith("-2")
    assert set(told.loc[~new, "account_created_at"]) == {then}
    assert (told.loc[new, "account_created_at"] > then).all()


def test_a_request_of_the_next_morning_comes_after_that_of_the_evening(day: Cast) -> None:
    refunds = day.facts["refunds"].copy()
    evening = refunds.index[refunds["scene"] != "rush"][0]
    first = refunds.loc[evening]
    at = first["requested_at"].normalize()
    refunds.loc[evening, "requested_at"] = at + pd.Timedelta(hours=22)
    again = first.to_frame().T.assign(refund_id="again", requested_at=at + pd.Timedelta(hours=32))
    told = replace(day, facts={**day.facts, "refunds": pd.concat([refunds, again])})
    calls = [call for call in script(told, "D1", seed=5) if call.kind in ("orders", "refunds")]
    order, ids = f"D1-{first['order_id']}", (f"D1-{first['refund_id']}", "D1-again")
    about = [call for call in calls if any(fact["order_id"] == order for fact in call.facts)]
    assert [call.kind for call in about][:2] == ["orders", "refunds"]
    assert [call.refund_id for call in about if call.refund_id in ids] == list(ids)


def test_nothing_is_told_before_its_order_and_nothing_lies_ahead(calls: list[Call]) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert [call.at for call in calls] == sorted(call.at for call in calls)
    ordered: set[str] = set()
    asked: set[str] = set()
    for call in calls:
        for fact in call.facts_at(now):
            times = [v for k, v in fact.items() if k.endswith("_at")]
            assert all(datetime.fromisoformat(at) < now for at in times)
            if call.kind == "orders":
                ordered.add(fact["order_id"])
            elif call.kind == "refunds":
                assert fact["order_id"] in ordered
                assert fact["refund_id"] not in asked
                asked.add(fact["refund_id"])
            elif "refund_id" in fact:
                assert fact["refund_id"] in asked
    assert len(asked) == REQUESTS


def test_what_came_before_keeps_its_distance(day: Cast, calls: list[Call]) -> None:
    refunds = day.facts["refunds"].set_index("refund_id")["requested_at"]
    placed = day.facts["orders"].drop_duplicates("order_id").set_index("order_id")["placed_at"]
    orders = {fact["order_id"]: fact for c in calls if c.kind == "orders" for fact in c.facts}
    for call in (one for one in calls if one.kind == "refunds"):
        order = call.facts[0]["order_id"]
        ago = refunds[call.refund_id.removeprefix("D1-")] - placed[order.removeprefix("D1-")]
        alone = sum(c.facts[0]["order_id"] == order for c in calls if c.kind == "refunds") == 1
        if alone:
            assert abs(orders[order]["placed_at"] - ago.to_pytimedelta()) <= timedelta(seconds=1)


@dataclass
class Place:
    """A folder with a note of the demo, and the service it is about."""

    folder: Path
    address: str
    history: History
    environment: dict[str, str]

    def demo(self, *options: str) -> Result:
        with contextlib.chdir(self.folder):
            return CliRunner().invoke(app, ["demo", "--at", self.address, *options])

    def demo_process(self, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "training", "demo", "--at", self.address, *options]
        return subprocess.Popen(
            command, cwd=self.folder, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def number(self, table: str) -> int:
        with self.history.read() as connection:
            query = f"SELECT COUNT(*) FROM {table}"
            return int(connection.exec_driver_sql(query).scalar_one())


@pytest.fixture(scope="module")
def place(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A service of its own, a process like any other, over a copy of the shop."""
    folder = tmp_path_factory.mktemp("demo")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with shop.history.read() as connection:
        connection.exec_driver_sql("SELECT 1")
        shutil.copy(shop.folder / "store.db", folder / "store.db")
        wal = shop.folder / "store.db-wal"
        if wal.exists():
            shutil.copy(wal, folder / "store.db-wal")
    url = f"sqlite:///{folder}/store.db"
    environment = {**os.environ, **shop.environment, "REFUND_RISK_DATABASE_URL": url}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    history = History.open(url, shop.environment["REFUND_RISK_SECRET"])
    with history.write() as write:
        _, key = keys.create(write, "demo", ("ingest", "score"))
    note = {"key": key, "password": "-", "customer": "-"}
    (folder / NOTE).write_bytes(orjson.dumps(note))
    command = [sys.executable, "-m", "api", "--port", str(port)]
    service = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _until_ready(address)
        yield Place(folder, address, history, environment)
    finally:
        service.terminate()
        service.wait(30)
        history.close()


def _until_ready(address: str) -> None:
    transport = httpx.HTTPTransport()
    end = time.monotonic() + 60
    with httpx.Client(base_url=address, transport=transport) as client:
        while time.monotonic() < end:
            try:
                if client.get("/readyz").status_code == 200:
                    return
            except httpx.HTTPError:
                continue
    raise AssertionError("the service did not become ready")


def test_a_day_is_played_into_a_service(place: Place) -> None:
    before = {table: place.number(table) for table in ("decisions", "cases", "orders")}
    for _ in "the same day", "can follow itself":
        told = place.demo("--minutes", "0", "--requests", "20", "--seed", "1")
        assert told.exit_code == 0, told.output
        assert told.stdout.startswith("20 requests decided (")
    assert place.number("decisions") - before["decisions"] >= 40
    assert place.number("cases") > before["cases"]
    assert place.number("orders") - before["orders"] > 160


def test_the_print_out_names_the_key_that_the_page_of_calls_asks_for() -> None:
    page = files("api.docs").joinpath("page.html").read_text(encoding="utf-8")
    printed = Demo("rrk_key", "word", "C-1").banner("http://127.0.0.1:8000")
    asked, named = (re.findall(r"keys create \w+ (--scope .*)", text) for text in (page, printed))
    assert asked == named
    assert "http://127.0.0.1:8000/docs#start" in printed


def test_it_stops_when_told_to(place: Place) -> None:
    playing = place.demo_process("--minutes", "30", "--requests", "200", "--seed", "1")
    assert playing.stderr is not None
    assert any(line.startswith("Watch it at") for line in playing.stderr)
    playing.send_signal(signal.SIGINT)
    said, told = playing.communicate(timeout=60)
    assert playing.returncode == 0, told
    assert "Stopped" in told
    assert said.startswith("0 requests decided")


def test_without_a_service_or_a_note_it_says_what_to_do(place: Place, tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    told = replace(place, address=nowhere).demo()
    assert told.stderr.startswith(f"error: no service answers at {nowhere}: run `make serve`")
    alone = replace(place, folder=tmp_path)
    told = alone.demo()
    assert told.exit_code == 1
    assert "run `make serve`" in told.stderr
    (tmp_path / NOTE).write_bytes(
        orjson.dumps({"key": "rrk_0_x", "password": "-", "customer": "-"})
    )
    assert "does not know this demo's key" in alone.demo().stderr
