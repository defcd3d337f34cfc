"""A bundle without the features that no tree reads says the same, with the same reasons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from risk.explain import ReasonBuilder
from risk.features.catalog import catalogue
from risk.features.word_weights import FEATURE, WordWeights
from risk.model import Bundle, Lane
from risk.model.calibration import Calibration
from training.learn.boost import TrainingTable, TreeSettings, grow_trees
from training.learn.used_features import with_used_features
from training.starter.packaged import packaged

KNOWN = {feature.name: feature for feature in catalogue()}


def rows(bundle: Bundle, number: int) -> np.ndarray:
    """Rows of whole numbers, a tenth of them unknown."""
    drawn = np.random.default_rng(3).integers(-1, 9, (number, len(bundle.features))).astype(float)
    return np.where(drawn < 0, np.nan, drawn)


def columns_of(part: Bundle, whole: Bundle) -> list[int]:
    return [list(whole.features).index(name) for name in part.features]


def grown(booster: str) -> Bundle:
    """Trees on three of twelve features of the catalogue, the others of which say nothing."""
    names = tuple(f.name for f in catalogue() if not f.retired)[:12]
    matrix = np.random.default_rng(1).normal(size=(400, len(names)))
    matrix[:, [0, 1, 2, 4, 5, 6, 8, 10, 11]] = 0.0
    y = (matrix[:, 3] + matrix[:, 7] - matrix[:, 9] > 0).astype(float)
    shape = {"num_leaves": 8, "learning_rate": 0.1, "feature_fraction": 1.0}
    settings = TreeSettings([0] * len(names), shape, 12, booster=booster)
    text = grow_trees(TrainingTable(matrix, y, np.ones(len(y))), settings, [1])
    lane = Lane(names, text, Calibration("platt", (-1.0, 1.0), (-3.0, 1.0), (1.0, 1.0)))
    return Bundle({name: KNOWN[name].hash for name in names}, {"standard": lane})


@pytest.mark.parametrize("whole", [packaged(), grown("lightgbm"), grown("histgb")])
def test_scores_and_contributions_are_the_same_to_the_bit(whole: Bundle) -> None:
    part, matrix = with_used_features(whole), rows(whole, 200)
    columns = columns_of(part, whole)
    assert len(columns) < len(whole.features)
    assert columns == sorted(columns)
    for lane in whole.lanes:
        expected = whole.raw_scores(matrix, lane)
        assert (part.raw_scores(matrix[:, columns], lane) == expected).all()
        for row in matrix[:50]:
            one, other = whole.score(row, lane), part.score(row[columns], lane)
            assert (one.raw_score, one.base) == (other.raw_score, other.base)
            assert (one.contributions[columns] == other.contributions).all()
            assert not np.delete(one.contributions, columns).any()


def test_reasons_are_the_same() -> None:
    whole = packaged()
    part = with_used_features(whole)
    columns = columns_of(part, whole)
    by_whole, by_part = (ReasonBuilder([KNOWN[n] for n in b.features]) for b in (whole, part))
    for lane in whole.lanes:
        for row in rows(whole, 60):
            told = by_whole.reasons(row, whole.score(row, lane).contributions, "CNY")
            again = part.score(row[columns], lane).contributions
            assert by_part.reasons(row[columns], again, "CNY") == told


def test_a_lane_names_what_its_trees_read_and_words_stay() -> None:
    whole = grown("lightgbm")
    part = with_used_features(whole)
    assert part.lanes["standard"].features == tuple(list(whole.features)[i] for i in (3, 7, 9))
    assert Bundle.load(part.to_bytes()).digest == part.digest
    spoken = replace(
        whole, features={**whole.features, FEATURE: KNOWN[FEATURE].hash}, words=WordWeights({})
    )
    assert FEATURE in with_used_features(spoken).features


def test_a_lane_without_any_split_keeps_one_column() -> None:
    whole = grown("lightgbm")
    flat = TrainingTable(np.zeros((50, 12)), np.r_[np.zeros(25), np.ones(25)], np.ones(50))
    text = grow_trees(flat, TreeSettings([0] * 12, {"num_leaves": 8}, 1), [1])
    lanes = {"standard": replace(whole.lanes["standard"], text=text)}
    part = with_used_features(replace(whole, lanes=lanes))
    assert len(part.lanes["standard"].features) == 1
    assert part.score(np.zeros(len(part.features)), "standard").contributions.tolist() == [0.0]
