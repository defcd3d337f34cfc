"""What is said of rows that a folder calls known long after they happened."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from risk.facts import RECORDS
from risk.facts.history_age import OLD_MS
from risk.facts.units import DAY_MS
from training.facts.staging import Staging

FEWEST = 10
"""So few rows of a kind may have been late for reasons of their own."""


def late_notes(staged: Staging) -> Iterator[str]:
    """A sentence for each kind most rows of which became known long after they happened, as where
    an export wrote its own day: windows count them from then."""
    for kind, files in staged.kinds().items():
        happened = RECORDS[kind].event_time
        late = rows = 0
        for batch in (batch for file in files for batch in staged.tables(file)):
            apart = pc.subtract(batch["known_at"], batch[happened])
            first = pc.equal(batch["revision"], pa.scalar(1, batch["revision"].type))
            late += pc.sum(pc.and_(pc.greater(apart, OLD_MS), first)).as_py() or 0
            rows += batch.num_rows
        if rows >= FEWEST and 2 * late > rows:
            yield (
                f"{kind}: {late:,} of {rows:,} rows have a known_at more than "
                f"{OLD_MS // DAY_MS} days after {happened}, and counts over days and weeks see "
                "them from then; where that is the day of the export, leave known_at out"
            )
