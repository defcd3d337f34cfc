"""All pairs of cases that differ in one signal."""

from __future__ import annotations

from tests.examination import (
    pairs_of_amounts,
    pairs_of_evidence,
    pairs_of_goods,
    pairs_of_money,
    pairs_of_overruled,
    pairs_of_parcels,
    pairs_of_people,
    pairs_of_words,
)

PAIRS = (
    *pairs_of_money.PAIRS,
    *pairs_of_parcels.PAIRS,
    *pairs_of_evidence.PAIRS,
    *pairs_of_goods.PAIRS,
    *pairs_of_people.PAIRS,
    *pairs_of_words.PAIRS,
    *pairs_of_overruled.PAIRS,
    *pairs_of_amounts.PAIRS,
)
