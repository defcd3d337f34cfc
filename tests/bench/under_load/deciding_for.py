"""Decides made requests for so many seconds as each line of its input says, over a server's store.

Prints what they took of its processor and how long each took (ns) as JSON.
`tests.bench.beside` runs it by its path: `python -P deciding_for.py FOLDER URL FACTS`.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from pathlib import Path

import orjson

from risk.decisions.decide import Decider
from risk.history.store import History
from risk.policy import Policies
from tests.bench.under_load import world
from tests.bench.under_load.services import SECRET, Place


def main(folder: str, url: str, facts: int) -> None:
    """Decide until the input ends."""
    place = Place(Path(folder), facts, facts // 10)
    bodies = world.Requests.of(place.world).bodies(f"{os.getpid()}-{world.fresh_tag()}")
    decider = Decider(History.open(url, SECRET), Policies.load(None))
    decider.refresh()
    decider.score(orjson.loads(next(bodies)))
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        until, took = time.monotonic_ns() + int(float(line) * 1e9), list[int]()
        spent = time.process_time_ns()
        while (began := time.monotonic_ns()) < until:
            decider.score(orjson.loads(next(bodies)))
            took.append(time.monotonic_ns() - began)
        told = {"spent": time.process_time_ns() - spent, "took": took}
        sys.stdout.write(orjson.dumps(told).decode() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
