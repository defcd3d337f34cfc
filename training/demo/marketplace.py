"""The demo's marketplace: a year of facts, a model in service, a key and a login, made once."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson
import pandas as pd

from risk.access import keys, people
from risk.decisions.decide import Decider
from risk.history import published_models
from risk.history.connection.clock import simulated_clock
from risk.history.connection.connect import now_ms
from risk.history.store import History
from risk.policy import Policies
from risk.registry import Registry
from risk.settings import Settings
from training.demo.cast import REFUNDS, SEED
from training.demo.first_look import frequent_asker
from training.demo.weeks import WEEKS_MS, decide_weeks
from training.facts.import_folder import ImportOptions, import_folder
from training.learn.plan import TrainingOptions
from training.progress import Progress, sub_progress
from training.simulate import simulate
from training.train import promote, train

NOTE = ".demo.json"
WORLD = Path("data") / "demo"
PERSON = "reviewer"
DAYS = 365
FULLER = "--scope ingest --scope score --scope admin"
"""More than the demo's own key may: what the page of calls asks for before its first line."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What a newcomer needs: a key and a login; kept beside the secret, outside `data/`."""

    key: str
    password: str
    customer: str

    @classmethod
    def read(cls, note: Path) -> Demo:
        """The demo of a note. Raises FileNotFoundError."""
        return cls(**orjson.loads(note.read_bytes()))

    def banner(self, address: str) -> str:
        """The address, a curl line to paste, and the console's login."""
        body = orjson.dumps(self.example()).decode().replace("'", "’")
        return "\n".join(
            [
                "",
                f"  API       {address}   (every call at {address}/docs)",
                f"  Console   {address}/console   login {PERSON}, password {self.password}",
                f"  Key       {self.key}",
                f"  Pushes    {address}/docs#start, with a key that may say whom to push to:",
                f"            {_command()} keys create mine {FULLER}",
                "",
                "  Paste this to have a request decided:",
                "",
                f"curl -s {address}/v1/refunds/score -H 'Authorization: Bearer {self.key}' \\",
                f"  -H 'Content-Type: application/json' -d '{body}'",
                "",
                "  Ctrl-C stops it.",
                "",
            ]
        )

    def example(self) -> dict[str, object]:
        """A request of a customer who is known to the demo's marketplace."""
        now = datetime.now(UTC).replace(microsecond=0)
        refund = f"DEMO-{now:%Y%m%d%H%M%S}"
        order: dict[str, object] = {
            "order_id": f"{refund}-O", "line_id": "1", "customer_id": self.customer,
            "placed_at": (now - timedelta(days=4)).isoformat(), "amount": "349.00",
            "category": "electronics", "channel": "live", "merchant_id": "M-DEMO",
            "shipping_address": "上海市浦东新区示例路3号楼2单元501室", "no_reason_return": False,
        }  # fmt: skip
        shipment = {
            "order_id": order["order_id"], "status": "delivered", "received_by": "customer",
            "occurred_at": (now - timedelta(days=2)).isoformat(), "courier": "SF", "weight_g": 640,
        }  # fmt: skip
        request = {
            "refund_id": refund, "order_id": order["order_id"], "type": "refund_only",
            "requested_at": (now - timedelta(minutes=1)).isoformat(), "amount": "349.00",
            "reason_code": "not_received", "reason_text": "没收到", "claims_received": False,
        }  # fmt: skip
        return {"refund": request, "order": [order], "shipments": [shipment]}


def _command() -> str:
    """The command as it is called from here."""
    return os.path.relpath(Path(sys.executable).with_name("refund-risk"))


def prepare(root: Path, tell: Progress, say: Callable[[str], None]) -> Demo:
    """Make what is missing of the demo in `root`, saying what it does; nothing is done twice."""
    settings, now = Settings.from_env(), now_ms()
    with simulated_clock(now - WEEKS_MS):  # a new store begins with its first commit
        history = History.open(settings.database_url, settings.secret)
    try:
        with history.read() as connection:
            ready = published_models.newest(connection, "champion") is not None
        if not ready:
            _learn(history, settings, root, now, Watched(tell, say))
        with history.write():  # whoever starts the demo vouches for the clock, however old it is
            pass
        return _demo(history, root / NOTE)
    finally:
        history.close()


@dataclass(frozen=True, slots=True)
class Watched:
    """Who is told how far the making is, and what is done next."""

    tell: Progress
    say: Callable[[str], None]


def _learn(history: History, settings: Settings, root: Path, now: int, watched: Watched) -> None:
    tell, say = watched.tell, watched.say
    world = root / WORLD
    say("1 of 4: making a small marketplace, a year of orders and refund requests.")
    start = date.today() - timedelta(days=DAYS)
    making = sub_progress(tell, "making orders and requests")
    simulate(world, start=start, days=DAYS, progress=making, seed=SEED, refunds=REFUNDS)
    say("2 of 4: storing its facts.")
    with simulated_clock(now - WEEKS_MS):
        import_folder(history, world, ImportOptions(now=now), progress=tell)
    say("3 of 4: learning from what became of the requests (half a minute).")
    settings.artifacts.mkdir(parents=True, exist_ok=True)
    registry = Registry(settings.tracking_uri, settings.artifacts)
    policy = Policies.load(settings.policy).general
    version = train(history, registry, policy, TrainingOptions(), tell).version
    say(f"4 of 4: putting version {version} in service, and deciding the requests of eight weeks.")
    with simulated_clock(now - WEEKS_MS):
        promote(history, registry, policy, version, "", tell)
    decider = Decider(history, Policies(policy))
    decider.refresh()
    decide_weeks(history, decider, world.parent / "truth.parquet", now, tell)


def known_accounts(root: Path) -> pd.Series | None:
    """When the account of each customer of the marketplace was made; None without one here."""
    orders = root / WORLD / "orders.parquet"
    if not orders.exists():
        return None
    rows = pd.read_parquet(orders, columns=["customer_id", "account_created_at"])
    return rows.groupby("customer_id")["account_created_at"].min()


def _demo(history: History, note: Path) -> Demo:
    if note.exists():
        kept = Demo.read(note)
        with history.read() as connection:
            if keys.find(connection, kept.key) is not None:
                return kept
        note.unlink()
    with history.write() as write:
        _, token = keys.create(write, "demo", ("ingest", "outcomes", "score", "review"))
    password = secrets.token_urlsafe(9)
    people.add_person(history, PERSON, password)
    demo = Demo(token, password, _customer(history))
    handle = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(orjson.dumps({name: getattr(demo, name) for name in Demo.__slots__}))
    return demo


def _customer(history: History) -> str:
    """A customer whose history gives the reasons something to say."""
    with history.read() as connection:
        return frequent_asker(connection)
