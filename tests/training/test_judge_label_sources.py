"""Labels bent by one merchant: the gate refuses what was learned from them and names it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from training.judge.label_sources import check_label_sources, odd_merchants

MERCHANTS, EACH = 40, 25


def shop(bent: str = "", abusive: float = 0.05, merchants: int = MERCHANTS) -> pd.DataFrame:
    """The labelled requests of a marketplace; of one merchant nine in ten are called abusive."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "merchant_id": [f"M{n % merchants}" for n in range(merchants * EACH)],
            "stage": "request",
            "y": (rng.random(merchants * EACH) < abusive).astype(float),
        }
    )
    mine = frame["merchant_id"] == bent
    frame.loc[mine, "y"] = (rng.random(int(mine.sum())) < 0.9).astype(float)
    return frame


def test_one_who_calls_its_customers_frauds_is_named() -> None:
    [one] = odd_merchants(shop("M7"))
    assert (one.name, one.labelled) == ("M7", EACH)
    assert one.share > 0.25
    check = check_label_sources(shop("M7"))
    assert not check.passed
    assert "merchant M7" in check.why


@pytest.mark.parametrize("abusive", [0.0, 0.02, 0.05, 0.3])
def test_merchants_alike_are_not_named(abusive: float) -> None:
    assert odd_merchants(shop(abusive=abusive)) == []
    assert check_label_sources(shop(abusive=abusive)).passed


def test_a_shop_of_its_own_or_of_few_is_no_exception() -> None:
    assert odd_merchants(shop("M0", merchants=1)) == []
    assert odd_merchants(shop("M0", merchants=4)) == []
    assert odd_merchants(shop("M7").assign(merchant_id=None)) == []
    assert odd_merchants(shop("M7").drop(columns="merchant_id")) == []


def test_later_rows_and_those_without_a_finding_do_not_count() -> None:
    frame = shop("M7")
    assert odd_merchants(frame.assign(stage="evidence")) == []
    assert odd_merchants(frame.assign(y=np.nan)) == []
