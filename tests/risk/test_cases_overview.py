"""The numbers of the overview are those of the store."""

from __future__ import annotations

import pytest

from risk.cases import Actor, ReviewFinding, record_finding
from risk.cases.overview import overview
from risk.history.store import History
from tests.case_rows import open_case
from tests.deciders import body, decider, photo

MEI = Actor("mei")


@pytest.mark.parametrize(
    ("tier", "finding", "kept"),
    [
        ("platform_intervention", ReviewFinding("abuse", "refused"), 1.0),
        ("platform_intervention", ReviewFinding("abuse", "partly_refunded", "1.00"), 0.99),
        ("platform_intervention", ReviewFinding("abuse", "refunded"), 0.0),
        ("platform_intervention", ReviewFinding("abuse"), 0.0),
        ("platform_intervention", ReviewFinding("legitimate", "refused"), 0.0),
        ("approve", ReviewFinding("abuse", "refused"), 0.0),
    ],
)
def test_money_is_kept_where_it_was_held_and_not_paid_afterwards(
    history: History, tier: str, finding: ReviewFinding, kept: float
) -> None:
    open_case(history, "R-1", tier=tier, amount=1_000_000, stake=100.0)
    record_finding(history, "R-1", MEI, finding)
    assert overview(history).closed["kept"] == pytest.approx(100.0 * kept)


def test_every_request_that_was_decided_counts_once_at_whatever_stage(history: History) -> None:
    deciding = decider(history)
    bare, late = body(), body()
    deciding.score(bare)
    deciding.score({**late, "evidence": [photo(late), photo(late, 2)]})
    deciding.score({**bare, "evidence": [photo(bare)]})
    deciding.score_again(bare["refund"]["refund_id"])
    assert overview(history).requests == 2
