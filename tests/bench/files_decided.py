"""What files cost a decision: `python -m tests.bench.files_decided`, in one run, by turns.

Cases with six items of evidence each: without a file, with six files of their own, and with six of
which the first shows what an unrelated customer showed. Seconds of a processor of deciding each
again, and the ratio of the medians to that without files. The last kind is answered otherwise: a
fresh picture is asked for and the case is put into the queue, which costs what any such answer
does. Files are read before, by another process, which a decision never asks.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from risk.decisions.decide import Decider
from risk.evidence.file_intake import EvidenceFiles, Upload
from risk.evidence.object_store import FolderStore
from risk.facts.format import iso
from risk.history import published_models
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.store import History
from risk.policy import Policies
from tests.bench.near_copies.filled_store import open_store
from tests.bench.near_copies.hard_pictures import picture
from training.simulate.drawn_pictures import as_jpeg
from training.starter.packaged import packaged

ITEMS = 6
NONE, OWN, SHARED = SORTS = ("no files", "own files", "one of them seen before")
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
        for number, sort in product(range(cases), SORTS):
            _case(history, files, number, sort)
        files.close()
        took: dict[str, list[float]] = {sort: [] for sort in SORTS}
        tiers: dict[str, Counter[str]] = {sort: Counter() for sort in SORTS}
        for turn, number, sort in product(range(rounds + 1), range(cases), SORTS):
            began = time.process_time()
            decided = decider.score_again(f"R-{_name(number, sort)}")
            if turn:
                took[sort].append(1000 * (time.process_time() - began))
                tiers[sort][decided.tier] += 1
        history.close()
    without = float(np.median(took[NONE]))
    for sort in SORTS:
        middle, high = (float(np.quantile(took[sort], q)) for q in (0.5, 0.95))
        answers = ", ".join(f"{n / len(took[sort]):.0%} {tier}" for tier, n in tiers[sort].items())
        console.print(f"{sort}: {middle:.2f} ms of a processor a decision, 95 % within {high:.2f}; "
                      f"{middle / without:.2f} times that without; {answers}")  # fmt: skip


def _name(number: int, sort: str) -> str:
    return f"{number}-{sort.replace(' ', '-')}"


def _case(history: History, files: EvidenceFiles, number: int, sort: str) -> None:
    now, name = now_ms(), _name(number, sort)
    placed, asked = iso(now - 5 * 86_400_000), iso(now - 3_600_000)
    order = {"order_id": f"O-{name}", "customer_id": f"C-{name}", "placed_at": placed,
             "amount": "129.00", "sku": "cup", "merchant_id": "M-1"}  # fmt: skip
    refund = {"refund_id": f"R-{name}", "order_id": f"O-{name}", "requested_at": asked,
              "amount": "129.00", "type": "refund_only", "reason_code": "damaged"}  # fmt: skip
    items = [{"evidence_id": f"E-{name}-{n}", "refund_id": f"R-{name}", "kind": "photo",
              "submitted_at": asked} for n in range(ITEMS)]  # fmt: skip
    for kind, rows in (("orders", [order]), ("refunds", [refund]), ("evidence", items)):
        ingest(history, kind, rows)
    for n, item in enumerate(items if sort != NONE else []):
        thing = 0 if sort == SHARED and n == 0 else 1 + ITEMS * number + n + (sort == OWN) * 10**5
        files.take(Upload(item["evidence_id"], as_jpeg(picture("anything", thing, 0), 80)))


if __name__ == "__main__":
    typer.run(main)
