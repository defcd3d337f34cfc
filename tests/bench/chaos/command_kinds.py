"""Each command that writes: how it is called, and what must be true after a kill and at its end."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from risk.decisions.champion import Models
from risk.errors import RefundRiskError
from risk.history.connection.connect import open_engine
from risk.history.migrate import HEAD, current, migrate
from risk.history.schema import FACTS, latest, requests
from risk.history.store import History
from tests.bench.chaos.world import SECRET
from training.in_service import version_in_service

ORDERS, CUSTOMERS = 600, 20
OTHER_SECRET = "another secret for broken things"
EARLIER = "0019"
"""The revision that a store is taken back to before its migration is killed."""


@dataclass(slots=True)
class Stage:
    """A store whose commands are killed; `secret` is the one that opens it now."""

    url: str
    settings: Mapping[str, str]
    folder: Path
    secret: str
    run: Callable[[Stage, list[str]], Iterator[str]]
    """Runs a command to its end; yields what it said where it failed."""
    count: int = 0
    versions: set[str] = field(default_factory=set)

    @property
    def log(self) -> Path:
        """What the commands said."""
        return self.folder / "commands.log"

    @property
    def other_secret(self) -> str:
        return OTHER_SECRET if self.secret == SECRET else SECRET

    @property
    def environment(self) -> dict[str, str]:
        secrets = {"REFUND_RISK_SECRET": self.secret, "REFUND_RISK_NEW_SECRET": self.other_secret}
        return {**self.settings, **secrets, "REFUND_RISK_FILES_URL": str(self.folder / "files")}

    def rotate_to(self, secret: str) -> Iterator[str]:
        """Let this secret open the store."""
        if self.secret != secret:
            yield from self.run(self, ["rotate-secret"])
            self.secret = secret

    def number(self, query: sa.Select[int]) -> int:
        """What a query counts in the store."""
        history = History.open(self.url, self.secret)
        try:
            with history.read() as connection:
                return int(connection.scalar(query) or 0)
        finally:
            history.close()


def _nothing(_: Stage, __: int) -> None:
    """Nothing has to be there before."""


def _all_well(_: Stage, __: int) -> Iterator[str]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Command:
    """`share` of the kills are its own; `left` and `done` say what is wrong after a kill, and after
    the run that follows it where the command is `completed`."""

    name: str
    share: float
    arguments: Callable[[Stage, int], list[str]]
    prepare: Callable[[Stage, int], None] = _nothing
    left: Callable[[Stage, int], Iterator[str]] = _all_well
    done: Callable[[Stage, int], Iterator[str]] = _all_well
    completed: bool = True


def _counted(column: sa.Column[str], like: str, *more: sa.ColumnElement[bool]) -> sa.Select[int]:
    return sa.select(sa.func.count()).where(column.like(like), *more)


def _export(stage: Stage, number: int) -> None:
    """A folder with orders of some customers, and a request on every third."""
    folder = stage.folder / f"facts-{number}"
    folder.mkdir(exist_ok=True)
    orders = ["order_id,customer_id,placed_at,amount,shipping_address"]
    refunds = ["refund_id,order_id,requested_at,amount,reason_code,reason_text"]
    for n in range(ORDERS):
        own = f"IM{number}-{n}"
        customer = f"IMC{number}-{n % CUSTOMERS}"
        orders.append(f"{own},{customer},2026-03-01T08:00:00+08:00,{n}.00,{n % 50} Example Road")
        if n % 3 == 0:
            refunds.append(
                f"R{own},{own},2026-03-0{n % 8 + 2}T09:30:00+08:00,{n}.00,damaged,it broke"
            )
    (folder / "orders.csv").write_text("\n".join(orders) + "\n")
    (folder / "refunds.csv").write_text("\n".join(refunds) + "\n")


def _imported(stage: Stage, number: int) -> Iterator[str]:
    expected = {
        "orders": (_counted(FACTS["orders"].c.order_id, f"IM{number}-%"), ORDERS),
        "refunds": (_counted(FACTS["refunds"].c.refund_id, f"RIM{number}-%"), ORDERS // 3),
        "requests": (_counted(requests.c.refund_id, f"RIM{number}-%"), ORDERS // 3),
    }
    for name, (query, count) in expected.items():
        if (found := stage.number(query)) != count:
            yield f"{found} {name} of {count} after import {number}"


def _of_customer(stage: Stage, number: int) -> int:
    return stage.number(_counted(FACTS["orders"].c.customer_id, f"IMC0-{number % CUSTOMERS}"))


def _half_forgotten(stage: Stage, number: int) -> Iterator[str]:
    if (found := _of_customer(stage, number)) not in (0, ORDERS // CUSTOMERS):
        yield f"{found} orders of a customer are left"


def _forgotten(stage: Stage, number: int) -> Iterator[str]:
    if found := _of_customer(stage, number):
        yield f"{found} orders of a forgotten customer"


def _retracted(stage: Stage, number: int) -> Iterator[str]:
    one = f"RIM1-{3 * number}"
    if stage.number(_counted(requests.c.refund_id, one, latest(requests))):
        yield f"{one} was taken back and is there"


def _one_secret(stage: Stage, _: int) -> Iterator[str]:
    """Exactly one of the two secrets opens the store; the stage goes on with it."""
    opening = [secret for secret in (SECRET, OTHER_SECRET) if _opens(stage.url, secret)]
    if len(opening) == 1:
        stage.secret = opening[0]
    else:
        yield f"{len(opening)} secrets open the store"


def _opens(url: str, secret: str) -> bool:
    try:
        History.open(url, secret).close()
    except RefundRiskError:
        return False
    return True


def _take_back(stage: Stage, _: int) -> None:
    """The store as the release before would have it."""
    stage.count = stage.number(_counted(FACTS["orders"].c.order_id, "%"))
    engine = open_engine(stage.url)
    migrate(engine, EARLIER)
    engine.dispose()


def _half_migrated(stage: Stage, _: int) -> Iterator[str]:
    engine = open_engine(stage.url)
    found = current(engine)
    engine.dispose()
    if found not in (EARLIER, HEAD):
        yield f"the store is at {found}"


def _migrated(stage: Stage, _: int) -> Iterator[str]:
    engine = open_engine(stage.url)
    found = current(engine)
    engine.dispose()
    orders = stage.number(_counted(FACTS["orders"].c.order_id, "%"))
    if (found, orders) != (HEAD, stage.count):
        yield f"the store is at {found} with {orders} of {stage.count} orders"


def _promote_second(stage: Stage, _: int) -> None:
    """A champion that there is an earlier one to go back from."""
    list(stage.run(stage, ["promote", "2", "--override", "kills"]))


def _promoted(stage: Stage, number: int) -> Iterator[str]:
    yield from _serves(stage, {str(number % 2 + 1)})


def _either(stage: Stage, _: int) -> Iterator[str]:
    yield from _serves(stage, {"1", "2"})


def _serves(stage: Stage, versions: set[str]) -> Iterator[str]:
    """The champion in service loads, and is one of these."""
    history = History.open(stage.url, stage.secret)
    try:
        Models(history).champion()
        found = version_in_service(history)
    finally:
        history.close()
    if found not in versions:
        yield f"version {found} is in service"


def _registered(stage: Stage) -> set[str]:
    """The versions that MLflow has."""
    path = stage.settings["MLFLOW_TRACKING_URI"].removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        return {str(row[0]) for row in connection.execute("SELECT version FROM model_versions")}


def _note_versions(stage: Stage, _: int) -> None:
    stage.versions = _registered(stage)


def _one_version_more(stage: Stage, _: int) -> Iterator[str]:
    made = _registered(stage) - stage.versions
    if len(made) > 1:
        yield f"versions {sorted(made)} of one training"


KINDS = (
    Command("import", 0.22, lambda s, n: ["import", str(s.folder / f"facts-{n}")], _export,
            done=_imported),
    Command("retract", 0.08,
            lambda _, n: ["retract", "refunds", f"RIM1-{3 * n}", "--reason", "never so"],
            done=_retracted),
    Command("forget", 0.2, lambda _, n: ["forget", f"IMC0-{n % CUSTOMERS}", "--yes"],
            left=_half_forgotten, done=_forgotten),
    Command("tidy", 0.08, lambda *_: ["tidy", "--days", "1"]),
    Command("migrate", 0.12, lambda *_: ["clock"], _take_back, _half_migrated, _migrated),
    Command("rotate-secret", 0.12, lambda *_: ["rotate-secret"], left=_one_secret,
            completed=False),
    Command("train", 0.04, lambda *_: ["train", "--fast"], _note_versions, _one_version_more,
            completed=False),
    Command("promote", 0.08, lambda _, n: ["promote", str(n % 2 + 1), "--override", "kills"],
            left=_either, done=_promoted),
    Command("rollback", 0.06, lambda *_: ["rollback", "--why", "kills"], _promote_second,
            _either, completed=False),
)  # fmt: skip
