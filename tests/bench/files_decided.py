"""What files cost a decision: `python tests/bench/files_decided.py`, in one run, by turns.

Cases with six items of evidence each, half of them with six files, one of which all share, the
other half with none: seconds of a processor of deciding each again, and the ratio of the medians.
Files are read before, by another process, which a decision never asks.
"""

from __future__ import annotations

import tempfile
import time
from itertools import product
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from near_copies.filled_store import open_store
from near_copies.hard_pictures import picture
from rich.console import Console

from risk.decisions.decide import Decider
from risk.evidence.file_intake import EvidenceFiles, Upload
from risk.evidence.object_store import FolderStore
from risk.facts.format import iso
from risk.history import published_models
from risk.history.connect import now_ms
from risk.history.intake import ingest
from risk.history.store import History
from risk.policy import Policies
from training.simulate.drawn_pictures import as_jpeg
from training.starter.packaged import packaged

ITEMS = 6
console = Console(width=120)


def main(
    cases: Annotated[int, typer.Option(help="How many cases of each sort.")] = 60,
    rounds: Annotated[int, typer.Option(help="How often each is decided.")] = 5,
) -> None:
    """Print the medians and their ratio."""
    with tempfile.TemporaryDirectory() as name:
        history = open_store(Path(name) / "store.db")
        with history.write() as write:
            published_models.publish(write, "champion", "1", packaged(), "a measurement")
        decider = Decider(history, Policies.load(None))
        decider.refresh()
        files = EvidenceFiles(history, FolderStore(Path(name) / "files"))
        for number, with_files in product(range(cases), (False, True)):
            _case(history, files if with_files else None, _name(number, with_files=with_files))
        files.close()
        took: dict[bool, list[float]] = {True: [], False: []}
        for _, number, with_files in product(range(rounds + 1), range(cases), (False, True)):
            began = time.process_time()
            decider.score_again(f"R-{_name(number, with_files=with_files)}")
            took[with_files].append(time.process_time() - began)
        history.close()
    with_files, without = (1000 * float(np.median(took[sort][cases:])) for sort in (True, False))
    console.print(f"milliseconds of a processor a decision: {with_files:.1f} with {ITEMS} files, "
                  f"{without:.1f} without; ratio {with_files / without:.2f}")  # fmt: skip


def _name(number: int, *, with_files: bool) -> str:
    return f"{number}-{'files' if with_files else 'none'}"


def _case(history: History, files: EvidenceFiles | None, name: str) -> None:
    now = now_ms()
    placed, asked = iso(now - 5 * 86_400_000), iso(now - 3_600_000)
    order = {"order_id": f"O-{name}", "customer_id": f"C-{name}", "placed_at": placed,
             "amount": "129.00", "sku": "cup", "merchant_id": "M-1"}  # fmt: skip
    refund = {"refund_id": f"R-{name}", "order_id": f"O-{name}", "requested_at": asked,
              "amount": "129.00", "type": "refund_only", "reason_code": "damaged"}  # fmt: skip
    items = [{"evidence_id": f"E-{name}-{n}", "refund_id": f"R-{name}", "kind": "photo",
              "submitted_at": asked} for n in range(ITEMS)]  # fmt: skip
    for kind, rows in (("orders", [order]), ("refunds", [refund]), ("evidence", items)):
        ingest(history, kind, rows)
    for n, item in enumerate(items if files else []):
        assert files is not None
        shot = picture("the same article", n, int(name.partition("-")[0]) if n else 0)
        files.take(Upload(item["evidence_id"], as_jpeg(shot, 80)))


if __name__ == "__main__":
    typer.run(main)
