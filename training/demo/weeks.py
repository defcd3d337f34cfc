"""What the demo did in the weeks before it is first opened: requests decided as they came, cases
found out the day after."""

from __future__ import annotations

import heapq
from pathlib import Path

import pandas as pd

from risk.decisions.decide import Decider
from risk.facts.format import iso
from risk.facts.units import DAY_MS, HOUR_MS
from risk.history.connection.clock import simulated_clock
from risk.history.intake import ingest
from risk.history.store import History
from training.demo.first_look import is_open, requests_since
from training.progress import DECIDING, Progress

WEEKS_MS = 8 * 7 * DAY_MS
FOUND_AFTER_MS = 44 * HOUR_MS
"""So long a case of the demo stays open: what is younger is in the queue when it is opened."""
JUST_AFTER_MS = 1_000


def decide_weeks(
    history: History, decider: Decider, truth: Path, until: int, tell: Progress
) -> None:
    """Decide every request of the last weeks at its moment, and find cases out until `until` (ms);
    the store must hold no later commit than their beginning."""
    found = pd.read_parquet(truth, columns=["refund_id", "truth"]).set_index("refund_id")["truth"]
    with history.read() as connection:
        asked = requests_since(connection, until - WEEKS_MS + DAY_MS)
    waiting: list[tuple[int, str, bool]] = [
        (at + JUST_AFTER_MS, refund_id, False) for refund_id, at in asked
    ]
    heapq.heapify(waiting)
    done = 0
    with simulated_clock(until - WEEKS_MS + DAY_MS) as set_clock:
        while waiting and waiting[0][0] <= until:
            at, refund_id, is_finding = heapq.heappop(waiting)
            set_clock(at)
            if is_finding:
                _find_out(history, refund_id, str(found[refund_id]), at)
                continue
            decider.score_again(refund_id)
            done += 1
            tell(DECIDING, done, len(asked))
            with history.read() as connection:
                if is_open(connection, refund_id):
                    heapq.heappush(waiting, (at + FOUND_AFTER_MS, refund_id, True))
    tell(DECIDING, len(asked), len(asked))


def _find_out(history: History, refund_id: str, verdict: str, at: int) -> None:
    """Store what somebody of the platform found, unless somebody else did before."""
    with history.read() as connection:
        if not is_open(connection, refund_id):
            return
    refused = verdict in ("fraud", "abuse")
    ingest(
        history,
        "outcomes",
        [
            {
                "refund_id": refund_id, "decided_at": iso(at), "verdict": verdict,
                "resolution": "refused" if refused else "refunded", "decided_by": "platform",
                "selected_by": "model",
            }
        ],
        who="demo",
    )  # fmt: skip
