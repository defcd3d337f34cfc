"""One market as a folder: `facts/*.csv` as the contract describes them, and `truth.csv`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.bench.another_market.campaigns import Campaigns
from tests.bench.another_market.cases import Requests
from tests.bench.another_market.draws import chance, digits, records
from tests.bench.another_market.findings import Findings
from tests.bench.another_market.hazards import hazards
from tests.bench.another_market.market import make_market
from tests.bench.another_market.people import make_people
from tests.bench.another_market.proof import Proof
from tests.bench.another_market.purchases import order_lines, place_orders
from tests.bench.another_market.tables import Tables

DAYS, ABUSIVE = 365, 0.09
ORDERS, CUSTOMERS = 9, 5
"""Orders a request, and orders a customer."""


def make_market_folder(out: Path, requests: int, seed: int) -> None:
    """Writes `out/facts` and `out/truth.csv`: a row a request, `positive`, `scheme`,
    `honest_group`."""
    rng = np.random.default_rng(seed)
    count = ORDERS * requests
    shells = max(60, int(requests * ABUSIVE * 0.25))
    market = make_market(rng, count, DAYS)
    people = make_people(rng, max(300, count // CUSTOMERS), shells, DAYS)
    plans = Campaigns(rng, people, market, shells, DAYS).plan(round(requests * ABUSIVE))
    orders = place_orders(rng, people, market, plans, count, DAYS)
    lines = order_lines(rng, orders, people, market)
    chances = hazards(orders, people, market)
    world = Requests(rng, orders, people, market, DAYS)
    cases = world.make(chances, plans, requests)
    orders["cancelled"] = [row["cancelled"] for row in world.rows]
    ids = np.sort(digits(rng, requests, 15, "AS").astype(str))
    for case, refund_id in zip(cases, ids, strict=True):
        case.refund_id = str(refund_id)
    proof = Proof(rng, world.rows, world.people, market, cases)
    findings = Findings(rng, world.rows, records(market.merchants))
    anger = people["anger"].to_numpy(dtype=float)
    forwarded = [
        chance(rng, 0.02 + 0.1 * float(anger[world.rows[case.order]["customer"]])) for case in cases
    ]
    for number, case in enumerate(cases):
        findings.add(case, proof.add(number), forwarded[number])
    tables = Tables(rng, out, DAYS, people, market)
    tables.orders(lines)
    tables.shipments(orders, lines, proof.returns)
    tables.refunds(orders, cases, forwarded)
    tables.proofs(proof)
    tables.findings(orders, findings)
    tables.truth(cases)
