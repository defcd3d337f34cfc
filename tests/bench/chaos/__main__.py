"""`make chaos`: kills, stops, full disks, wrong clocks, bad models, slow and silent peers.

Every scenario runs real processes under load and prints what was done, how the calls were answered,
and whether the store and the answers are as they must be.
"""

from __future__ import annotations

import typer

from tests.bench.chaos.cli import main

if __name__ == "__main__":
    typer.run(main)
