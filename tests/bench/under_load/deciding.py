"""Decides made requests, as many as each line of its input says; prints what each took as JSON.

The times are ns of processor. `tests.bench.pairs` runs it by its path, with the packages of the
checkout that is measured: `python -P deciding.py FOLDER STORE FACTS`.
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

import orjson

from risk.decisions.decide import Decider
from risk.history.store import History
from risk.policy import Policies
from tests.bench.under_load import world
from tests.bench.under_load.services import SECRET, Place


def main(folder: str, store: str, facts: int) -> None:
    """Decide until the input ends."""
    place = Place(Path(folder), facts, facts // 10)
    bodies = world.Requests.of(place.world).bodies("pairs")
    decider = Decider(History.open(f"sqlite:///{store}", SECRET), Policies.load(None))
    decider.refresh()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        took = []
        for _ in range(int(line)):
            body = next(bodies)
            began = time.process_time_ns()
            decider.score(orjson.loads(body))
            took.append(time.process_time_ns() - began)
        sys.stdout.write(orjson.dumps(took).decode() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
