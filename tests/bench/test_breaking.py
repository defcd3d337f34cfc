"""A few minutes' worth of chaos in a few seconds: two workers, one killed, then everything."""

from __future__ import annotations

import random
import re
from pathlib import Path

import httpx
from chaos.load import under_load, wait_for
from chaos.processes import serving
from chaos.scenario import Place
from chaos.verdict import wrongs
from chaos.world import SECRET, World, token
from deciders import bundle, promote

from risk.history.store import History

DECIDED = re.compile(r"^refund_risk_decisions_total\{.*\} ([\d.]+)$", re.MULTILINE)
WORKERS = re.compile(r"^refund_risk_workers ([\d.]+)$", re.MULTILINE)


def test_what_was_acknowledged_survives_every_kill(tmp_path: Path) -> None:
    world = World(tmp_path)
    history = History.open(f"sqlite:///{world.store}", SECRET)
    promote(history, "1", bundle())
    history.close()
    place = Place(world, tmp_path, f"sqlite:///{world.store}", 2, random.Random(1))
    with serving(place.settings, tmp_path) as service:
        with under_load(service.url, token(place.url), "short", clients=3) as load:
            wait_for(load, 10)
            assert service.kill_worker(0)
            wait_for(load, 10)
            answered = len(load.acknowledged)
            told = httpx.get(service.url + "/metrics", timeout=20).text
            assert sum(float(n) for n in DECIDED.findall(told)) >= answered - 3
            assert WORKERS.findall(told)[0] in ("1.0", "2.0")
            service.kill()
            service.start()
            wait_for(load, 10)
        assert wrongs(place.url, load) == []
    assert load.count("200") >= 30
