"""Simulation of a whole marketplace, block by block, into contract files."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from training.simulate import export_cases, export_goods
from training.simulate.block import RANGE, Block, Quota, World, simulate_block
from training.simulate.carriers import make_carriers
from training.simulate.contract_files import ContractWriter
from training.simulate.honest_requests import CAUSE_NAMES
from training.simulate.late_findings import labelled_requests
from training.simulate.market import make_market
from training.simulate.parameters import CAUSES, WorldSettings
from training.simulate.random_draws import stream_generator
from training.simulate.schemes import SCHEME_NAMES
from training.simulate.seasons import Calendar

REQUESTS_PER_BLOCK = 4000


@dataclass(slots=True)
class WorldSummary:
    """Counts of a simulated world: rows by file, requests by reason, scheme and group."""

    rows: Counter[str] = field(default_factory=Counter)
    orders: int = 0
    requests: int = 0
    positive: int = 0
    labelled: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    schemes: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)

    def count(self, block: Block) -> None:
        """Add the counts of one block."""
        frame = block.requests
        self.orders += int(block.lines["order"].max()) + 1
        self.requests += len(frame)
        self.positive += int((frame["crew"] >= 0).sum())
        self.labelled += int(labelled_requests(block.outcomes, block.inspections).sum())
        self.reasons.update(CAUSE_NAMES[code] for code in frame["reason"])
        self.schemes.update(SCHEME_NAMES[code] for code in frame["scheme"] if code >= 0)
        self.groups.update(frame["innocent_group"].dropna())


def simulate(  # noqa: PLR0913 - each is one knob of the world, named and optional
    out: Path,
    *,
    refunds: int = 2000,
    seed: int = 0,
    prevalence: float = 0.08,
    difficulty: float = 0.5,
    mix: Mapping[str, float] | None = None,
    causes: Mapping[str, float] | None = None,
    held_back: Mapping[str, date] | None = None,
    label_share: float = 0.35,
    audit_share: float = 0.02,
    label_noise: float = 1.0,
    western_share: float = 0.15,
    orders_per_request: float = 10.0,
    signals: Mapping[str, float] | None = None,
    start: date = date(2025, 3, 1),
    days: int = 365,
    progress: Callable[[int, int], None] | None = None,
) -> WorldSummary:
    """Write a simulated marketplace into the folder `out`, and `truth.parquet` beside it.

    The same parameters always write the same files. `progress` is called with the requests done
    and the requests wanted. The parameters are those of `WorldSettings`, which raises ValueError.
    """
    settings = WorldSettings(
        refunds=refunds, seed=seed, prevalence=prevalence, difficulty=difficulty, mix=mix or {},
        causes=causes or CAUSES, held_back=held_back or {}, label_share=label_share,
        audit_share=audit_share, label_noise=label_noise, western_share=western_share,
        orders_per_request=orders_per_request, signals=signals or {}, start=start, days=days,
    )  # fmt: skip
    world = World(settings, make_market(settings), make_carriers(settings), Calendar(settings))
    summary = WorldSummary()
    with ContractWriter(Path(out)) as folder:
        for quota in block_quotas(settings):
            block = simulate_block(world, quota)
            write_block(folder, world, block, quota.block, summary.rows)
            summary.count(block)
            if progress is not None:
                progress(summary.requests, settings.refunds)
    return summary


def block_quotas(settings: WorldSettings) -> list[Quota]:
    """The quotas of blocks that fit in memory; their totals are exact."""
    blocks = max(1, -(-settings.refunds // REQUESTS_PER_BLOCK))
    edges = np.linspace(0, settings.refunds, blocks + 1).round().astype(np.int64)
    false = np.round(edges * settings.prevalence).astype(np.int64)
    orders = np.round(edges * settings.orders_per_request).astype(np.int64)
    return [
        Quota(i, int(edges[i + 1] - edges[i]), int(false[i + 1] - false[i]),
              int(orders[i + 1] - orders[i]))
        for i in range(blocks)
    ]  # fmt: skip


def write_block(
    folder: ContractWriter, world: World, block: Block, number: int, rows: Counter[str]
) -> None:
    """Append one block to the files, and its rows to the counts."""
    rng = stream_generator(world.settings.seed, 4, number)
    after = stream_generator(world.settings.seed, 5, number)
    market, end, base = world.market, world.settings.end_ms, number * RANGE
    people, frame = block.people, block.requests
    orders = export_goods.orders_sheet(rng, block.lines, people, market, base, end)
    rows["orders"] += folder.add("orders", orders)
    parcels = (block.parcels, block.returned, frame)
    for sheet in export_goods.shipments_sheets(rng, *parcels, base, end):
        rows["shipments"] += folder.add("shipments", sheet)
    sheets = {
        "refunds": export_cases.refunds_sheet(rng, frame, market, base, end),
        "evidence": export_cases.evidence_sheet(rng, block.evidence, base, end),
        "inspections": export_cases.inspections_sheet(rng, block.inspections, base, end),
        "outcomes": export_cases.outcomes_sheet(block.outcomes, frame, base),
        "feedback": export_cases.feedback_sheet(after, block.outcomes, base, end),
        "payment_disputes": export_cases.disputes_sheet(after, block.outcomes, frame, base, end),
        "truth": export_cases.truth_sheet(frame, block.crews, base, number),
    }
    for name, sheet in sheets.items():
        rows[name] += folder.add(name, sheet)
