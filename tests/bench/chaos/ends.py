"""Ends without a warning: processes killed, the database stopped or held."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from tests.bench.chaos.load import wait_for
from tests.bench.chaos.postgres import Cluster
from tests.bench.chaos.scenario import Place, Scenario, Told, loaded

OF_ALL = 0.25
"""The share of kills that take the whole service."""


def kills(place: Place, told: Told) -> None:
    """`kill -9` at random moments under load, of one worker or of everything."""
    workers = whole = 0
    with loaded(place, told) as (service, load):
        while workers + whole < place.kills:
            wait_for(load, place.random.randint(1, 12))
            time.sleep(place.random.uniform(0.0, 0.05))
            if place.random.random() < OF_ALL:
                service.kill()
                service.start()
                whole += 1
            else:
                workers += service.kill_worker(place.random.randrange(2))
        service.wait_ready()
        wait_for(load, 20)
    told.done = f"kill -9, {workers} × a worker, {whole} × the whole service"
    told.done += f"; back in {sorted(service.starts)[len(service.starts) // 2]:.1f} s (median)"


def orphans(place: Place, told: Told) -> None:
    """`kill -9` of the supervisor alone: its workers leave, and the port is free again."""
    with loaded(place, told) as (service, load):
        wait_for(load, 20)
        left = service.kill_supervisor()
        service.start()
        wait_for(load, 20)
    told.done = f"kill -9 of the supervisor alone; its workers left within {left:.1f} s"


def stops(cluster: Cluster) -> Scenario:
    """PostgreSQL stopped under load, also as by a crash, and started again."""

    def scenario(place: Place, told: Told) -> None:
        back = []
        with loaded(place, told) as (service, load):
            wait_for(load, 20)
            for how in ("fast", "immediate", "fast"):
                cluster.stop(how)
                told.hold(service.ready() == 503, "ready without a database")
                time.sleep(2)
                cluster.start()
                back.append(wait_for(load, 20))
            told.hold(service.wait_ready() < 5, "not ready again in 5 s")
        told.hold(load.count("503") > 0, "nobody was told 503")
        told.done = f"PostgreSQL stopped 3 × for 2 s; 20 answers {max(back):.1f} s after its return"

    return scenario


def held(place: Place, told: Told) -> None:
    """Another program keeps SQLite's one write lock for longer than anybody waits."""
    with loaded(place, told) as (_, load):
        wait_for(load, 20)
        engine = sa.create_engine(place.url)
        with engine.connect() as connection:
            driver: Any = connection.connection.dbapi_connection
            driver.isolation_level = None
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            time.sleep(8)
            connection.exec_driver_sql("ROLLBACK")
        back = wait_for(load, 20)
        engine.dispose()
    told.hold(load.count("503") > 0, "nobody was told 503")
    told.done = f"the write lock held for 8 s; 20 answers {back:.1f} s after"
