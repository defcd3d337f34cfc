"""Batches of joined rows, as a cluster's workers are given them, score as a folder does."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd
import pyarrow as pa
import pytest

from risk.decisions.case import audit_draw
from risk.decisions.case_rows import OWN, OWN_VERDICTS, REQUESTS
from risk.decisions.many_cases import VERDICTS, read_many
from risk.features.backfill import offline
from risk.features.order_money import MONEY
from risk.features.word_weights import DIGITS, WORDS, WordWeights
from risk.policy import Policies, load
from tests.deciders import bundle
from tests.rendering import tables
from tests.worlds import Shape, seeded, stored
from training.cases.score_batches import NESTED, VECTOR, Scorer
from training.cases.score_folder import score_facts

pytestmark = pytest.mark.whole

KEY = b"a key that draws audits"


def scorer(facts: dict[str, pa.Table]) -> Scorer:
    """A model that weighs the words of these facts."""
    texts = [text for text in facts["refunds"][WORDS].to_pylist() if text]
    buckets = {text[at : at + DIGITS] for text in texts for at in range(0, len(text), DIGITS)}
    assert len(buckets) > 5
    model = replace(bundle(), words=WordWeights({one: int(one, 16) % 999 for one in buckets}))
    return Scorer(model.to_bytes(), model.digest, "1", Policies(load(None)), KEY)


def joined(facts: dict[str, pa.Table], given: Scorer) -> pa.Table:
    """A row a request, without what words weigh."""
    queries = {"money": MONEY, **OWN, VERDICTS: OWN_VERDICTS}
    with offline(facts) as db:
        cases = read_many(db, REQUESTS, given.champion().features)
        table = db.sql("SELECT * FROM spine ORDER BY row_id").to_arrow_table()
        vectors = pa.array(list(cases.matrix), pa.list_(pa.float64()))
        table = table.append_column(VECTOR, vectors)
        for name in NESTED:
            rows = db.sql(
                f"SELECT s.row_id, list(q) FILTER (q.row_id IS NOT NULL) AS rows FROM spine s "
                f"LEFT JOIN ({queries[name]}) q ON q.row_id = s.row_id GROUP BY s.row_id "
                "ORDER BY s.row_id"
            ).to_arrow_table()
            table = table.append_column(f"rows_{name}", rows["rows"])
    return table


@pytest.mark.parametrize("rows", [1, 7, 10_000])
def test_batches_of_any_size_score_as_the_folder(rows: int) -> None:
    facts = tables(stored(seeded(5, Shape(facts=400, customers=15, revised=2))))
    given = scorer(facts)
    draw = partial(audit_draw, key=KEY)
    wanted = score_facts(facts, given.champion(), given.policies, draw)
    assert len(wanted) > 20
    batches = joined(facts, given).take(pa.array(range(len(wanted))[::-1])).to_batches(rows)
    found = pa.Table.from_batches(given(iter(batches))).to_pandas()
    order = ["requested_at", "refund_id"]
    pd.testing.assert_frame_equal(
        found.sort_values(order, ignore_index=True), wanted.sort_values(order, ignore_index=True),
        check_exact=True, check_dtype=False,
    )  # fmt: skip
