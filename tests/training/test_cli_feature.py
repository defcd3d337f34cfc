"""What `explain-feature` tells an analyst."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from risk.history.intake import ingest
from tests.stores import new_store
from training.cli.feature import explain_feature

Ask = Callable[..., Result]


@pytest.fixture
def ask(url: str, tmp_path: Path) -> Ask:
    """Runs the command over a store with two orders of one customer, both asked back."""
    history = new_store(tmp_path / "store.db")
    for i, day in enumerate(("01", "05")):
        order = {"order_id": f"O-{i}", "customer_id": "C-1", "amount": "80", "device_id": "phone-7",
                 "placed_at": f"2026-01-{day}T08:00:00+08:00",
                 "known_at": f"2026-01-{day}T08:00:00+08:00"}  # fmt: skip
        asked = f"2026-01-{day}T20:00:00+08:00"
        refund = {"refund_id": f"R-{i}", "order_id": f"O-{i}", "amount": "80", "known_at": asked,
                  "requested_at": asked, "reason_code": "damaged"}  # fmt: skip
        ingest(history, "orders", [order], may_backdate=True)
        ingest(history, "refunds", [refund], may_backdate=True)
    history.close()
    app = typer.Typer()
    app.command()(explain_feature)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, words)

    return run


def test_it_defines_a_feature_in_words_and_sql(ask: Ask) -> None:
    told = ask("customer_refund_share_90d")
    assert told.exit_code == 0
    for part in ("purchase_pattern", "free to speak", "(m0 + 0.5) / (m1 + 5)", "in the 90 days",
                 "FROM requests", "LIMIT 400", "另下单"):  # fmt: skip
        assert part in told.stdout


def test_it_shows_the_value_with_the_facts_that_made_it(ask: Ask) -> None:
    told = ask("customer_requests_30d", "--refund", "R-1")
    assert told.exit_code == 0
    assert "R-1 as of 2026-01-05T12:00:00.000+00:00" in told.stdout
    assert "value:      1" in told.stdout
    assert "refund_id=R-0" in told.stdout
    assert "amount=80.00" in told.stdout


def test_it_says_the_value_as_a_reviewer_reads_it(ask: Ask) -> None:
    told = ask("customer_requests_30d", "--refund", "R-1").stdout
    assert "told as:    1 other refund request by this customer in 30 days" in told
    told = ask("customer_refund_share_90d", "--refund", "R-1").stdout
    assert "told as:    Other orders of this customer asked back in 90 days: 1, placed: 1" in told


def test_it_shows_the_value_as_of_another_moment(ask: Ask) -> None:
    before = ask("customer_requests_30d", "--refund", "R-1", "--as-of", "2026-01-01T00:00:00+08:00")
    assert "value:      0" in before.stdout
    assert "refund_id=R-0" not in before.stdout


def test_what_it_cannot_find_it_names(ask: Ask) -> None:
    for words, told in (
        (("customer_request_30d",), "customer_requests_30d"),
        (("amount", "--refund", "R-9"), "no refund request R-9"),
        (("amount", "--refund", "R-1", "--as-of", "2026-01-01"), "--as-of"),
        (("amount", "--as-of", "2026-01-01T00:00:00Z"), "--refund"),
    ):
        answer = ask(*words)
        assert answer.exit_code == 1
        assert told in answer.output
