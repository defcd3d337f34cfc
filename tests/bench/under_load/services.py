"""The service on either store and its two peers, each as a process of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import sqlalchemy as sa

from risk.features.catalog import catalogue
from risk.history.store import History
from risk.model import Bundle
from risk.registry import NAME
from risk.settings import Settings
from tests.bench.under_load import empty, world
from tests.bench.under_load.load import Target
from tests.bench.under_load.processes import cluster, free_port, python, started
from training.promote import bundle_at

SECRET = "a secret for measurements, long enough"
SCORE = "/v1/refunds/score"
DURABLE = {
    "sqlite": ("PRAGMA synchronous", "2"),
    "postgresql": (
        "SELECT current_setting('fsync') || current_setting('synchronous_commit')",
        "onon",
    ),
}
"""What to ask a store, and its answer where a commit waits for the disk."""


@dataclass(frozen=True, slots=True)
class Running:
    """A service to load: its name, where it listens, and whose processor time counts."""

    name: str
    target: Target
    roots: tuple[int, ...]
    url: str = ""


@dataclass(frozen=True)
class Place:
    """A folder with everything of a measurement in it; what is there already is used again."""

    folder: Path
    facts: int
    hub: int

    @property
    def world(self) -> Path:
        """The folder of facts, made when first needed."""
        made = self.folder / "facts"
        if not (self.folder / "facts.made").exists():
            world.make_facts(made, self.facts, self.hub)
            (self.folder / "facts.made").touch()
        return made

    @property
    def version(self) -> Path:
        """Where the version of the model over the catalogue as it is now is written down."""
        hashes = "".join(feature.hash for feature in catalogue())
        return self.folder / f"version-{blake2b(hashes.encode(), digest_size=6).hexdigest()}"

    @property
    def log(self) -> Path:
        return self.folder / "services.log"

    def settings(self, url: str) -> Settings:
        return Settings(
            database_url=url,
            tracking_uri=f"sqlite:///{self.folder}/mlflow.db",
            artifacts=self.folder / "artifacts",
            secret=SECRET,
            policy=None,
        )

    def bundle(self) -> tuple[Bundle, str]:
        """The model all of them serve, with its version; learned from the SQLite store."""
        self.fill(self.sqlite, "sqlite.filled")
        history = History.open(self.sqlite, SECRET)
        try:
            kept = self.version
            if not kept.exists():
                kept.write_text(world.learn(history, self.settings(self.sqlite)))
            registry = world.registry_of(self.settings(self.sqlite))
            return bundle_at(registry, kept.read_text()), kept.read_text()
        finally:
            history.close()

    @property
    def sqlite(self) -> str:
        return f"sqlite:///{self.folder}/store.db"

    def fill(self, url: str, mark: str) -> None:
        """Import the facts, unless that was done before."""
        if not (self.folder / mark).exists():
            history = History.open(url, SECRET)
            world.fill(history, self.world)
            history.close()
            (self.folder / mark).touch()


@contextmanager
def product(place: Place, store: str, workers: int) -> Iterator[Running]:
    """The service over a filled store, deciding with the model."""
    with ExitStack() as stack:
        url, roots = place.sqlite, list[int]()
        if store == "postgresql":
            url, postmaster = stack.enter_context(cluster(place.folder / "postgresql"))
            roots.append(postmaster)
        place.fill(url, f"{store}.filled")
        bundle, version = place.bundle()
        history = History.open(url, SECRET)
        token = world.put_in_service(history, bundle, version)
        check_durable(history, store)
        history.close()
        port = free_port()
        environ = {"REFUND_RISK_DATABASE_URL": url, "REFUND_RISK_SECRET": SECRET}
        command = python("-m", "api", "--port", str(port), "--workers", str(workers))
        roots.append(stack.enter_context(started(command, port, "/readyz", place.log, environ)))
        yield Running(f"refund-risk, {store}", Target(port, SCORE, token), tuple(roots), url)


def check_durable(history: History, store: str) -> None:
    """Nothing is measured on a store that answers before the disk has it."""
    question, wanted = DURABLE[store]
    with history.read() as connection:
        found = str(connection.exec_driver_sql(question).scalar_one())
    if found != wanted:
        raise SystemExit(f"{store} is not durable: {question} is {found}")


def decisions_in(url: str) -> int:
    """How many decisions a store holds."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        count = int(connection.exec_driver_sql("SELECT COUNT(*) FROM decisions").scalar_one())
    engine.dispose()
    return count


@contextmanager
def mlflow_server(place: Place) -> Iterator[Running]:
    """`mlflow models serve` of the same model."""
    port, version = free_port(), place.version.read_text()
    here = str(Path(python()[0]).parent)
    command = [f"{here}/mlflow", "models", "serve", "-m", f"models:/{NAME}/{version}",
               "-p", str(port), "--env-manager", "local", "--workers", "1"]  # fmt: skip
    environ = {
        "MLFLOW_TRACKING_URI": f"sqlite:///{place.folder}/mlflow.db",
        "PATH": f"{here}:{os.environ['PATH']}",
    }
    with started(command, port, "/ping", place.log, environ) as pid:
        yield Running("mlflow models serve", Target(port, "/invocations"), (pid,))


@contextmanager
def empty_endpoint(place: Place, answer: bytes) -> Iterator[Running]:
    """FastAPI answering one whole Decision."""
    port, file = free_port(), place.folder / "answer.json"
    file.write_bytes(answer)
    command = python(
        "-m", "uvicorn", "--factory", "tests.bench.under_load.empty:create_app",
        "--app-dir", str(Path(__file__).parents[3]), "--port", str(port),
        "--no-access-log", "--log-level", "warning",
    )  # fmt: skip
    with started(command, port, "/healthz", place.log, {empty.ANSWER: str(file)}) as pid:
        yield Running("empty FastAPI endpoint", Target(port, empty.PATH), (pid,))
