"""A made marketplace in a store with a model in service, and requests to send to it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from risk.access import keys
from risk.facts import KINDS
from risk.history import published_models
from risk.history.connection.connect import now_ms
from risk.history.store import History
from risk.model import Bundle
from risk.policy import Policies
from risk.registry import Registry
from risk.settings import Settings
from training.facts.import_folder import import_folder
from training.learn.plan import TrainingOptions
from training.simulate import simulate
from training.train import train

FACTS_A_REQUEST = 40
"""About so many facts the simulator makes for one refund request."""

DAYS = 365
HUB = "上海市浦东新区示例路1号自提柜"
"""The address of a locker that everybody uses."""

Body = dict[str, Any]


def make_facts(folder: Path, facts: int, hub: int) -> None:
    """Write about `facts` facts, the last of them yesterday, and `hub` orders to one address."""
    start = date.today() - timedelta(days=DAYS + 1)
    simulate(folder, refunds=max(facts // FACTS_A_REQUEST, 500), start=start, days=DAYS, seed=11)
    orders = pd.read_parquet(folder / "orders.parquet")
    some = orders.sample(hub, replace=True, random_state=5).reset_index(drop=True)
    number = some.index.astype(str)
    some["order_id"] = "HUB-" + number
    some["customer_id"] = "HUB-" + number
    some["shipping_address"] = HUB
    some[["payment_instrument", "device_id", "phone"]] = None
    pd.concat([orders, some]).to_parquet(folder / "orders.parquet")


def fill(history: History, folder: Path) -> int:
    """Import the folder; answers how many facts are stored."""
    import_folder(history, folder)
    with history.read() as connection:
        counts = [f"(SELECT COUNT(*) FROM {kind})" for kind in KINDS]
        return int(connection.exec_driver_sql(f"SELECT {' + '.join(counts)}").scalar_one())


def registry_of(settings: Settings) -> Registry:
    settings.artifacts.mkdir(parents=True, exist_ok=True)
    return Registry(settings.tracking_uri, settings.artifacts)


def learn(history: History, settings: Settings) -> str:
    """Train and register a model as the product does; answers its version."""
    policy = Policies.load(None).general
    return train(history, registry_of(settings), policy, TrainingOptions(), lambda *_: None).version


def put_in_service(history: History, bundle: Bundle, version: str) -> str:
    """Make the bundle champion of a store; answers a key to score with."""
    with history.write() as write:
        published_models.publish(write, "champion", version, bundle, "a measurement")
        return keys.create(write, "measurement", keys.SCOPES, rate=1e9)[1]


@dataclass(frozen=True)
class Requests:
    """Stored requests sent anew under fresh ids: known people, with all that is known of them."""

    refunds: list[Body]
    lines: Mapping[str, list[Body]]
    parcels: Mapping[str, list[Body]]

    @classmethod
    def of(cls, folder: Path, most: int = 4_000) -> Requests:
        """Drawn from a folder of facts."""
        refunds = pd.read_parquet(folder / "refunds.parquet")
        refunds = refunds.sample(min(most, len(refunds)), random_state=3)
        wanted = set(refunds["order_id"])
        return cls(
            _bodies(refunds),
            _by_order(pd.read_parquet(folder / "orders.parquet"), wanted),
            _by_order(pd.read_parquet(folder / "shipments.parquet"), wanted),
        )

    def bodies(self, tag: str, *, at_hub: bool = False) -> Iterator[bytes]:
        """Scoring bodies as JSON, without end, every one a request of its own."""
        order = random.Random(7).sample(range(len(self.refunds)), len(self.refunds))
        for number, place in enumerate(itertools.cycle(order)):
            body = self._body(self.refunds[place], f"{tag}-{number}")
            if at_hub:
                body["order"] = [{**line, "shipping_address": HUB} for line in body["order"]]
            yield orjson.dumps(body)

    def _body(self, refund: Body, fresh: str) -> Body:
        """The request as if it were made a minute ago, with what had happened by then."""
        order, asked = refund["order_id"], refund["requested_at"]
        later = datetime.now(UTC) - timedelta(minutes=1) - asked
        ids = {"refund_id": f"R{fresh}", "order_id": f"O{fresh}"}
        parcels = [
            parcel for parcel in self.parcels.get(order, [])
            if parcel["direction"] == "outbound" and parcel["occurred_at"] <= asked
        ]  # fmt: skip
        return {
            "refund": _sent(refund, ids, later),
            "order": [_sent(line, ids, later) for line in self.lines[order]],
            "shipments": [_sent(parcel, ids, later) for parcel in parcels],
        }


def _by_order(facts: pd.DataFrame, wanted: set[str]) -> dict[str, list[Body]]:
    some = facts[facts["order_id"].isin(wanted)]
    return {str(order): _bodies(rows) for order, rows in some.groupby("order_id")}


def _bodies(rows: pd.DataFrame) -> list[Body]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _sent(fact: Body, ids: Mapping[str, str], later: timedelta) -> Body:
    """A fact under its fresh ids, `later` than it was, as JSON holds it; unknowns left out."""
    sent: Body = {}
    for name, value in fact.items():
        if name == "known_at" or (not isinstance(value, bool) and pd.isna(value)):
            continue
        if isinstance(value, datetime):
            sent[name] = (value + later).isoformat()
        elif name in ids:
            sent[name] = ids[name]
        else:
            sent[name] = value if isinstance(value, str | bool | int) else str(value)
    return sent


def vectors(history: History, features: list[str], most: int) -> list[bytes]:
    """What `mlflow models serve` is sent: the vectors of stored decisions, a request each."""
    names = orjson.dumps(features).decode()
    query = f"SELECT vector FROM decisions ORDER BY commit_no DESC LIMIT {most}"
    with history.read() as connection:
        stored = connection.exec_driver_sql(query).scalars().all()
    rows = [memoryview(vector).cast("d").tolist()[: len(features)] for vector in stored]
    return [
        f'{{"dataframe_split":{{"columns":{names},"data":[{orjson.dumps(row).decode()}]}}}}'.encode()
        for row in rows
    ]


def fresh_tag() -> str:
    """A tag no earlier run has used."""
    return f"{now_ms():x}"
