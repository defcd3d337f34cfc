"""Real invoices as requests: what is asked when, what is known when, and no look ahead."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.bench.real_shop import rows
from training.facts.convert.online_retail import ZONE

START = pd.Timestamp("2011-03-01T09:00:00", tz=ZONE)
CUSTOMERS = ("A", "B", "A", "A")


def day(number: float) -> pd.Timestamp:
    return START + pd.Timedelta(number, "D")


def shop(cancelled: dict[int, float]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Four invoices of two lines, ten days apart; some cancelled on the day given."""
    lines = pd.DataFrame(
        {
            "order_id": f"O{i}", "customer_id": CUSTOMERS[i], "placed_at": day(10 * i),
            "amount": 10.0 * (i + 1), "quantity": 2, "sku": sku,
        }
        for i in range(4)
        for sku in ("mug", "plate")
    )  # fmt: skip
    asked = pd.DataFrame(
        {"order_id": f"O{i}", "requested_at": day(at), "refund_id": f"C{i}"}
        for i, at in cancelled.items()
    )
    return lines, asked


def test_an_invoice_is_cancelled_only_within_thirty_days() -> None:
    invoice = rows.invoices(*shop({0: 30.0, 1: 40.5, 2: 21.0}))
    assert invoice["y"].tolist() == [1.0, 0.0, 1.0, 0.0]
    assert invoice["lines"].tolist() == [2] * 4
    assert invoice["amount"].tolist() == [20.0, 40.0, 60.0, 80.0]


def test_the_history_by_hand_knows_nothing_of_later() -> None:
    lines, asked = shop({0: 20.5, 2: 25.0})
    invoice = rows.invoices(lines, asked)
    columns = rows.with_history(invoice, asked)
    assert columns["earlier"].tolist() == [0, 0, 1, 2]
    assert columns["cancelled"].tolist() == [0.0, 0.0, 0.0, 2.0]
    assert columns["days_since_cancelled"].tolist()[3] == pytest.approx(5.0)
    assert columns["against_usual"].tolist()[3] == pytest.approx(80.0 / 40.0)
    sooner = rows.with_history(invoice.iloc[:3], asked[asked["order_id"] == "O0"])
    pd.testing.assert_frame_equal(columns.iloc[:3], sooner)


def test_an_outcome_is_known_thirty_days_after_its_invoice(tmp_path: Path) -> None:
    lines, asked = shop({0: 5.0, 3: 90.0})
    own = pa.Table.from_pandas(asked, preserve_index=False)
    pq.write_table(own, tmp_path / "refunds.parquet")
    invoice = rows.invoices(lines, asked)
    rows.write_requests(invoice, tmp_path)
    requests = pq.read_table(tmp_path / "refunds.parquet").to_pandas().set_index("refund_id")
    outcomes = pq.read_table(tmp_path / "outcomes.parquet").to_pandas().set_index("refund_id")
    assert outcomes["verdict"].to_dict() == {
        "O0": "abuse", "O1": "legitimate", "O2": "legitimate", "O3": "legitimate"
    }  # fmt: skip
    placed = invoice.set_index("order_id")["placed_at"]
    late = (outcomes["decided_at"] - placed).dt.days.to_numpy()
    np.testing.assert_array_equal(late, 30)
    assert (requests.loc[placed.index, "requested_at"] == placed).all()
    assert requests.loc["C3", "requested_at"] == day(90.0)
