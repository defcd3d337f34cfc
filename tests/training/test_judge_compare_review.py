"""Two models side by side, and one under review, against what is counted by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from risk.explain import ReasonBuilder
from tests.training.learning_frames import FEATURES, marketplace
from training.judge import compare, review
from training.judge.evaluate import Evaluation, evaluate_bundle
from training.learn.calibrate import log_losses
from training.learn.fit import FittedModel, fit
from training.learn.plan import TrainingOptions

NAMES = ("short", "whole")


@cache
def world() -> pd.DataFrame:
    frame = marketplace(4_000, 1)
    told = {"reason_code": "damaged", "type": "refund_only", "merchant_id": "m"}
    channel = np.where(np.arange(len(frame)) % 3, "live", "shop")
    return frame.assign(**told, channel=channel, row=np.arange(len(frame)))


@cache
def fitted(without: int = 0) -> FittedModel:
    return fit(world(), FEATURES[without:], TrainingOptions(rounds=30, folds=2, jobs=1), 0.05)


@cache
def models() -> dict[str, Evaluation]:
    """One that lacks the best features and one that has all."""
    both = zip(NAMES, (fitted(4), fitted()), strict=True)
    return {name: evaluate_bundle(one.twin, one.test) for name, one in both}


def grown(found: Evaluation) -> Evaluation:
    """The same rows over and over, so that segments are large enough to speak of."""
    return replace(found, rows=pd.concat([found.rows] * 6, ignore_index=True))


def test_numbers_stand_side_by_side() -> None:
    told = compare.metric_table(models())
    assert list(told.columns) == list(NAMES)
    for name, found in models().items():
        assert told.loc["auc", name] == str(found.metrics["auc"])


def test_the_requests_they_disagree_on_most_come_first() -> None:
    one, other = models().values()
    told = compare.largest_disagreements(one, other, NAMES, 7)
    gaps = (told[NAMES[0]] - told[NAMES[1]]).abs()
    assert len(told) == 7
    assert gaps.is_monotonic_decreasing
    every = (one.rows["probability"] - other.rows["probability"]).abs()
    assert gaps.max() == pytest.approx(every[one.rows["stage"] == "request"].max())
    rows = one.rows.set_index("refund_id").loc[told["refund_id"]]
    assert told["found"].tolist() == ["abuse" if y >= 0.5 else "honest" for y in rows["y"]]
    assert told["amount"].tolist() == rows["amount"].tolist()


def test_who_gains_is_counted_in_weighted_log_loss() -> None:
    one, other = (grown(model) for model in models().values())
    told = compare.segment_gains(one, other).set_index("segment")
    y = one.rows["y"].to_numpy()
    saved = log_losses(one.rows["probability"].to_numpy(), y)
    saved = saved - log_losses(other.rows["probability"].to_numpy(), y)
    weight = one.rows["weight"].to_numpy()
    assert told.loc["all", "gain"] == pytest.approx(np.average(saved, weights=weight))
    assert told["low"]["all"] > 0
    whole = [name for name in told.index if name != "all" and "smaller" not in name]
    assert whole
    for name in whole:
        by, _, kind = name.partition(" ")
        here = (one.rows[by].astype(str) == kind).to_numpy()
        assert told.loc[name, "rows"] == here.sum()
        expected = np.average(saved[here], weights=weight[here])
        assert told.loc[name, "gain"] == pytest.approx(expected)
    assert (told["low"] <= told["gain"]).all()
    assert not [name for name in told.index if name.startswith("type")]
    nothing = compare.segment_gains(other, other)
    assert nothing["gain"].abs().max() == nothing["high"].abs().max() == 0


def test_what_bothering_buys_is_drawn_for_each_and_never_falls() -> None:
    for money in (True, False):
        (axes,) = compare.gain_curves(models(), money=money).axes
        drawn = {line.get_label(): np.asarray(line.get_ydata()) for line in axes.get_lines()}
        assert set(drawn) == set(NAMES)
        assert all((np.diff(line) >= -1e-12).all() for line in drawn.values())
        assert drawn["whole"].mean() > drawn["short"].mean()


def test_pictures_of_two_models_show_every_request_and_segment() -> None:
    one, other = models().values()
    (axes,) = compare.score_scatter(one, other, NAMES).axes
    shown = sum(len(np.asarray(points.get_offsets())) for points in axes.collections)
    assert shown == sum(one.rows["stage"] == "request")
    assert (axes.get_xlabel(), axes.get_ylabel()) == NAMES
    found = compare.segment_gains(one, other)
    (axes,) = compare.plot_segment_gains(found, NAMES).axes
    assert len(axes.get_yticklabels()) == len(found)
    assert "whole better" in axes.get_xlabel()


def test_a_request_is_told_by_the_reasons_of_its_score() -> None:
    bundle, found = fitted().twin, models()["whole"]
    row = found.rows.iloc[0]
    told = review.row_reasons(bundle, FEATURES, row)
    vector = row.reindex(list(bundle.features)).to_numpy(dtype=float)
    scored = bundle.score(vector, row["lane"])
    used = [feature for feature in FEATURES if feature.name in bundle.features]
    order = [next(f for f in used if f.name == name) for name in bundle.features]
    expected = ReasonBuilder(order).reasons(vector, scored.contributions, row["currency"])
    assert told["contribution"].tolist() == [one["contribution"] for one in expected]
    assert told["contribution"].sum() + scored.base == pytest.approx(scored.raw_score)
    (axes,) = review.plot_contributions(told, most=3).axes
    assert len(axes.patches) == min(3, len(told))


def test_the_worst_errors_of_both_kinds_are_named() -> None:
    bundle, found = fitted().twin, models()["whole"]
    first = found.rows[found.rows["stage"] == "request"]
    missed = review.false_negatives(found, bundle, FEATURES, 4)
    wronged = review.false_positives(found, bundle, FEATURES, 4)
    abusive = first[first["y"] >= 0.5]["probability"]
    honest = first[first["y"] < 0.5]["probability"]
    assert missed["probability"].tolist() == sorted(abusive)[:4]
    assert wronged["probability"].tolist() == sorted(honest, reverse=True)[:4]
    assert missed["reasons"].str.len().gt(0).all()


def test_what_if_changes_one_thing_at_a_time() -> None:
    bundle, found = fitted().twin, models()["whole"]
    row = found.rows.sort_values("probability").iloc[-1]
    changes = {"refunds_30d": 0.0, "shared_address": 0.0, "nobody_knows": 1.0}
    told = review.what_if(bundle, row, changes).set_index("feature")
    assert told.loc["(as it is)", "probability"] == pytest.approx(row["probability"])
    assert set(told.index) == {"(as it is)", "refunds_30d", "shared_address"}
    for name in ("refunds_30d", "shared_address"):
        vector = row.reindex(list(bundle.features)).to_numpy(dtype=float)
        vector[list(bundle.features).index(name)] = 0.0
        assert told.loc[name, "probability"] == bundle.score(vector, row["lane"]).probability
        assert told.loc[name, "probability"] <= row["probability"]
        assert told.loc[name, "was"] == row[name]


def test_the_policy_says_whom_a_group_bothers() -> None:
    found = models()["whole"]

    def bars(rows: np.ndarray, probabilities: np.ndarray) -> pd.DataFrame:
        """Never bothered and always waiting, always bothered, by probability, and not asked to
        know, in turn."""
        kinds = [np.zeros(len(rows)), np.ones(len(rows)), probabilities, np.full(len(rows), np.nan)]
        bothered = np.choose(rows % 4, kinds)
        held = np.where(rows % 4 == 0, 1.0, bothered)
        return pd.DataFrame({"bothered": bothered, "held": held, "rule": None})

    told = review.friction_by_group(found, bars, "channel").set_index("channel")
    honest = found.rows[(found.rows["y"] < 0.5) & (found.rows["row"] % 4 != 3)]
    for channel, part in honest.groupby("channel"):
        of = told.loc[str(channel)]
        kind = part["row"] % 4
        flag = (kind == 1) | ((kind == 2) & (part["probability"] >= found.ask_above))
        share = np.average(flag, weights=part["weight"])
        assert of["honest"] == len(part)
        assert of["bothered"] == pytest.approx(share)
        waits = np.average(kind == 0, weights=part["weight"])
        assert of["waiting"] == pytest.approx(waits)
        assert share < of["at most"] < 1
    assert review.friction_by_group(found, bars, "refund_id").empty
    (axes,) = review.plot_friction(told.reset_index(), 0.05).axes
    assert [label.get_text().split()[0] for label in axes.get_yticklabels()] == [
        *told.sort_values("bothered").index
    ]
