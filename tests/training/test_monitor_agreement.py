"""How often people agree with the answers, and the challenger against the champion."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from risk.history.monitor_reports import Estimate
from training.monitor.agreement import findings_by_tier, reviewer_agreement
from training.monitor.challenger import ROLES, measure_differences


def outcomes(*rows: tuple[str, str, int, str]) -> pa.Table:
    names = ("refund_id", "decided_by", "decided_at", "verdict")
    table = pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})
    return table.append_column("known_at", table["decided_at"])


def test_people_agree_by_their_last_words() -> None:
    found = reviewer_agreement(
        outcomes(
            ("R1", "merchant", 1, "abuse"), ("R1", "platform", 2, "fraud"),
            ("R2", "merchant", 1, "fraud"), ("R2", "merchant", 3, "legitimate"),
            ("R2", "platform", 4, "fraud"), ("R3", "merchant", 1, "abuse"),
            ("R4", "system", 1, "abuse"), ("R4", "platform", 2, "legitimate"),
            ("R5", "merchant", 1, "undetermined"), ("R5", "platform", 2, "legitimate"),
            ("R2", "appeal", 5, "courier_fault"),
        )
    )  # fmt: skip
    told = {row.pair: (row.requests, row.agree) for row in found.itertuples()}
    assert told == {
        "merchant, then platform": (2, 0.5), "merchant, then appeal": (1, 1.0),
        "platform, then appeal": (1, 0.0),
    }  # fmt: skip
    assert reviewer_agreement(outcomes(("R1", "merchant", 1, "abuse"))).empty


def test_of_one_deciders_findings_the_one_known_last_counts() -> None:
    made = outcomes(
        ("R1", "merchant", 1, "abuse"), ("R1", "merchant", 2, "legitimate"),
        ("R1", "platform", 3, "abuse"), ("R2", "merchant", 1, "abuse"),
        ("R2", "merchant", 2, "undetermined"), ("R2", "platform", 3, "abuse"),
    )  # fmt: skip
    known = pa.array([9, 2, 3, 1, 2, 3])
    found = reviewer_agreement(made.set_column(4, "known_at", known))
    (row,) = found.itertuples()
    assert (row.pair, row.requests, row.agree) == ("merchant, then platform", 1, 1.0)


def test_a_request_counts_under_its_first_tier() -> None:
    served = pd.DataFrame(
        [("R1", 2, "approve"), ("R1", 1, "request_evidence"), ("R2", 1, "approve"),
         ("R3", 1, "approve")],
        columns=["refund_id", "decided_at", "tier"],
    )  # fmt: skip
    known = pd.DataFrame({"refund_id": ["R1", "R2", "R3"], "y": [1.0, 0.0, np.nan]})
    found = findings_by_tier(served, known).set_index("tier")
    assert list(found.loc["approve", ["requests", "labelled", "abusive"]]) == [2, 1, 0.0]
    assert list(found.loc["request_evidence", ["requests", "abusive"]]) == [1, 1.0]
    assert found.loc["platform_intervention", "requests"] == 0


def answered(rng: np.random.Generator, size: int, sharper: float) -> pd.DataFrame:
    """Requests with a finding, whose second model is sharper than the first by so much."""
    truth = (rng.random(size) < 0.3).astype(float)
    line = truth * 1.5 - 1 + rng.normal(size=size)
    odds = {"champion": line, "challenger": line + sharper * truth}
    chances = {who: 1 / (1 + np.exp(-one)) for who, one in odds.items()}
    return pd.DataFrame(
        {
            "refund_id": [f"R{n}" for n in range(size)], "y": truth,
            "customer_id": [f"C{n}" for n in rng.integers(0, size // 2, size)],
            "weight": rng.uniform(0.5, 2, size), "worth": rng.uniform(1, 100, size),
            **{f"probability_{who}": chances[who] for who in ROLES},
            **{f"bothered_{who}": chances[who] > 0.5 for who in ROLES},
            **{f"held_{who}": chances[who] > 0.3 for who in ROLES},
        }
    )  # fmt: skip


def test_a_sharper_challenger_is_surely_better_and_an_equal_one_is_not() -> None:
    rows = answered(np.random.default_rng(8), 800, 1.5)
    better = {one.name: one.better for one in measure_differences(rows)}
    assert better == {
        "honest_bothered": "", "honest_waiting": "", "abuse_stopped": "challenger",
        "auc": "challenger", "log_loss": "challenger",
    }  # fmt: skip
    even = measure_differences(answered(np.random.default_rng(9), 800, 0.0))
    assert [one.better for one in even] == [""] * 5
    assert all(one.difference == Estimate(0, 0, 0) for one in even)
    swapped = rows.rename(
        columns={f"{what}_{a}": f"{what}_{b}" for what in ("probability", "bothered", "held")
                 for a, b in (ROLES, ROLES[::-1])}
    )  # fmt: skip
    assert {one.better for one in measure_differences(swapped)} == {"champion", ""}


def test_a_measure_is_the_weighted_share_of_what_it_says() -> None:
    rows = answered(np.random.default_rng(10), 300, 0.4)
    found = {one.name: one for one in measure_differences(rows)}
    honest, abusive = rows[rows["y"] < 0.5], rows[rows["y"] >= 0.5]
    for who in ROLES:
        told = {name: getattr(one, who).value for name, one in found.items()}
        share_bothered = np.average(honest[f"bothered_{who}"], weights=honest["weight"])
        money = abusive["weight"] * abusive["worth"]
        stopped = (money * abusive[f"held_{who}"]).sum() / money.sum()
        waits = honest[f"held_{who}"] & ~honest[f"bothered_{who}"]
        share_waiting = np.average(waits, weights=honest["weight"])
        assert told["honest_bothered"] == pytest.approx(share_bothered)
        assert told["honest_waiting"] == pytest.approx(share_waiting)
        assert told["abuse_stopped"] == pytest.approx(stopped)
    for one in found.values():
        gap = one.challenger.value - one.champion.value
        assert one.difference.value == pytest.approx(gap)
        assert one.difference.low <= gap <= one.difference.high


def test_too_few_findings_say_nothing() -> None:
    rows = answered(np.random.default_rng(11), 60, 1.0)
    assert measure_differences(rows[rows["y"] < 0.5]) == []
    assert measure_differences(rows.iloc[:0]) == []
