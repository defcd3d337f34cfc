"""Ids that look as if another program had changed them, so that they meet nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from risk.facts import SUBMITTED

BLANKS = r"[\s\x{a0}\x{200b}\x{3000}\x{feff}]"
PATTERNS = {
    rf"^{BLANKS}|{BLANKS}$": "begin or end with a blank or a tab",
    "^['`‘’]": "begin with an apostrophe",
    r'^=\s*"': "are formulas of a spreadsheet",
    r"^\d(\.\d+)?[eE]\+?\d+$": "are numbers that a spreadsheet shortened",
    r"^\d{15}0{2,5}$": "have no more than 15 digits before zeros, as in a spreadsheet",
    r"^\d+\.0+$": "end in .0, as numbers of a column with gaps do",
    r"(?i)^(nan|null|none|n/a|na|nil|undefined|unknown|无|-)$": "stand for no value",
}
"""What is odd about ids that match, as part of a sentence."""

LARGE_SHARE = 0.1
ENOUGH_ROWS = 100
"""From so many order lines on a customer with such a share of them may be several."""


def odd_ids(facts: Mapping[str, pa.Table]) -> Iterator[str]:
    """Sentences about the ids of facts (stored columns) that look changed, with an example."""
    for kind, definition in SUBMITTED.items():
        table = facts.get(kind)
        if table is None or not table.num_rows:
            continue
        for field in definition.fields:
            if field.name.endswith("_id") and field.name in table.column_names:
                yield from _odd(f"{kind}.{field.name}", table[field.name])
    if (orders := facts.get("orders")) is not None:
        yield from _crowded(orders)
        yield from _alone(orders)


def _odd(name: str, ids: pa.ChunkedArray) -> Iterator[str]:
    different = pc.unique(ids).drop_null()
    for pattern, what in PATTERNS.items():
        matching = different.filter(pc.match_substring_regex(different, pattern))
        if len(matching):
            example = matching[0].as_py()
            yield f"{name}: {len(matching):,} of {len(different):,} {what}, e.g. {example!r}"


def _crowded(orders: pa.Table) -> Iterator[str]:
    """Customers with a large share of all order lines, such as a guest account."""
    rows = orders.num_rows
    if rows < ENOUGH_ROWS:
        return
    for found in pc.value_counts(orders["customer_id"]).to_pylist():
        if found["values"] is not None and found["counts"] > LARGE_SHARE * rows:
            yield (
                f"orders.customer_id: {found['values']!r} has {found['counts']:,} of {rows:,} "
                "order lines: one customer, or several without a name?"
            )


def _alone(orders: pa.Table) -> Iterator[str]:
    """Orders whose own id stands for a customer that the export does not name."""
    own = pc.equal(orders["customer_id"], orders["order_id"])
    if found := pc.sum(own).as_py():
        yield (
            f"orders.customer_id: {found:,} of {orders.num_rows:,} are the order's own id: who "
            "bought is not known there, so no order says anything about another"
        )
