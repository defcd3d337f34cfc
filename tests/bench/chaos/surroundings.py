"""What the service relies on goes wrong: the clock, the model ledger, the model itself."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import sqlalchemy as sa

from risk.history.schema.schema_models import models
from risk.history.store import History
from tests.bench.chaos.listening import Receiver, arrived, listening, subscribe
from tests.bench.chaos.load import Load, body, wait_for
from tests.bench.chaos.scenario import Place, Told, loaded
from tests.bench.chaos.verdict import instants, model_of
from tests.bench.chaos.world import SECRET, token

HOUR = 3_600
YEAR = 365 * 24 * HOUR


def clock_ahead(place: Place, told: Told) -> None:
    """The machine's clock a year ahead under load, and right again."""
    if (faked := _own_clock(place, told)) is None:
        return
    moved, shift = faked
    with loaded(moved, told) as (service, load):
        wait_for(load, 30)
        shift.write_text(str(YEAR))
        service.wait_ready(status=503)
        wait_for(load, 30)
        shift.write_text("0")
        service.wait_ready()
        wait_for(load, 30)
        told.hold('"clock_ahead"' in service.said(), "no word of it in the log")
    at = [instant for _, instant in instants(place.url)]
    told.hold(max(at) < (time.time() + HOUR) * 1_000, "a decision was stored in the future")
    told.hold(at == sorted(set(at)), "the store's clock stepped back")
    told.done = f"clock a year ahead, then right again; {len(at):,} decisions, none of next year"


def _own_clock(place: Place, told: Told) -> tuple[Place, Path] | None:
    """The place with a clock of its own, and the file with the seconds by which it is wrong."""
    shim = _shim(place.folder)
    if shim is None:
        told.skipped = "no C compiler to make a clock of our own"
        return None
    shift = place.folder / "shift"
    shift.write_text("0")
    faked = {"LD_PRELOAD": str(shim), "SHIFTED_CLOCK": str(shift)}
    return replace(place, extra=faked), shift


def clock(place: Place, told: Told) -> None:
    """The machine's clock set back by an hour under load, and right again."""
    if (faked := _own_clock(place, told)) is None:
        return
    moved, shift = faked
    with listening(Receiver()) as receiver, loaded(moved, told) as (service, load):
        subscribe(service.url, token(place.url), receiver)
        wait_for(load, 30)
        shift.write_text(str(-HOUR))
        before, refused = set(load.acknowledged), load.count("503")
        old = [_decided(load, number) for number in range(10)]
        told.hold(None not in old, "requests of hours ago were not decided")
        told.hold(load.count("503") > refused, "nobody was told 503")
        shift.write_text("0")
        back = wait_for(load, 30)
        new = {f"R-{name}" for name in set(load.acknowledged) - before}
        missing = arrived(receiver, new | {refund for refund in old if refund}, 60)
        told.hold(not missing, f"{len(missing)} decisions were not pushed")
    at = [instant for _, instant in instants(place.url)]
    told.hold(at == sorted(set(at)), "the store's clock stepped back")
    told.done = (
        f"clock set back by an hour, then right again, and 30 answers in {back:.1f} s; "
        f"{len(at):,} decisions, each later than the one before"
    )


def _decided(load: Load, number: int) -> str | None:
    """Have a request of some hours ago decided; its id if it was."""
    sent = body(f"old-{number}", number, ago=timedelta(hours=3))
    headers = {"authorization": f"Bearer {load.token}"}
    answer = httpx.post(load.url + "/v1/refunds/score", json=sent, headers=headers, timeout=10)
    time.sleep(0.2)
    return str(sent["refund"]["refund_id"]) if answer.status_code == 200 else None


def _shim(folder: Path) -> Path | None:
    """The library that moves the clock of one process."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library = folder / "clock.so"
    source = Path(__file__).with_name("clock.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"], check=True)
    return library


def ledger(place: Place, told: Told) -> None:
    """MLflow's database and artifacts gone, and the service started anew."""
    away = {"MLFLOW_TRACKING_URI": "http://127.0.0.1:9", "REFUND_RISK_ARTIFACTS": "/nonexistent"}
    with loaded(replace(place, extra=away), told) as (service, load):
        wait_for(load, 20)
        service.kill()
        service.start()
        wait_for(load, 20)
    told.done = "MLflow unreachable from the start; the whole service killed and started anew"


def corrupt(place: Place, told: Told) -> None:
    """A broken bundle published as champion; then every process begins anew with it there."""
    with loaded(place, told) as (service, load):
        wait_for(load, 20)
        _publish_broken(place.url)
        time.sleep(3)
        wait_for(load, 20)
        told.hold(service.said().count('"chore_failed"') > 0, "no word of it in the log")
        service.kill()
        service.start()
        wait_for(load, 20)
        ready = service.ready()
    told.hold(ready == 200, f"/readyz answers {ready}")
    _hold_to_version(load, told)
    told.done = "a corrupt bundle published as champion; refused, the one before it goes on"


def _publish_broken(url: str) -> None:
    """A copy of the champion with a byte changed, as version 666."""
    history = History.open(url, SECRET)
    try:
        with history.write() as write:
            newest = sa.select(models).order_by(models.c.published_at.desc()).limit(1)
            row = dict(write.connection.execute(newest).one()._mapping)
            content = bytearray(row["bundle"])
            content[len(content) // 2] ^= 1
            own = hashlib.sha256(content).hexdigest()  # what has the champion's is read from there
            changed = {"published_at": write.at, "version": "666", "digest": own}
            changed["bundle"] = bytes(content)
            write.connection.execute(sa.insert(models).values({**row, **changed}))
    finally:
        history.close()


def _hold_to_version(load: Load, told: Told) -> None:
    versions = {model_of(answer) for answer in load.acknowledged.values()}
    told.hold(versions == {"1"}, f"decided by versions {sorted(versions)}")
