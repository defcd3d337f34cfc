"""The bundle: exact, fast, thread-safe, and refused when anything about it was changed."""

from __future__ import annotations

import json
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.errors import ModelRefused
from risk.model import Bundle, Calibration, Lane, linear_calibration

NAMES = tuple(f"f{at}" for at in range(12))
PERMITTED = NAMES[:4] + NAMES[7:]
HASHES = {name: f"hash-{name}" for name in NAMES}


def rows(count: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    made = rng.normal(size=(count, len(NAMES)))
    made[rng.random(made.shape) < 0.2] = np.nan
    return made


def booster(columns: tuple[str, ...]) -> lgb.Booster:
    data = rows(2_000)[:, [NAMES.index(name) for name in columns]]
    target = (np.nan_to_num(data[:, 0]) + np.nan_to_num(data[:, 1] * data[:, -1]) > 0.8).astype(
        float
    )
    knobs = {"objective": "binary", "num_leaves": 8, "verbosity": -1, "num_threads": 1}
    return lgb.train(knobs, lgb.Dataset(data, target), 60)


BOOSTERS = {"standard": booster(NAMES), "no_reason": booster(PERMITTED)}
CALIBRATION = Calibration("isotonic", (-3.0, 0.0, 2.5), (-4.0, -1.0, 1.5), (0.3, 0.4))


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    texts = {name: found.model_to_string() for name, found in BOOSTERS.items()}
    lanes = {
        "standard": Lane(NAMES, texts["standard"], CALIBRATION),
        "no_reason": Lane(PERMITTED, texts["no_reason"], linear_calibration("platt", 0.9, -0.2)),
    }
    return Bundle(HASHES, lanes, {"ask_above": 0.31}, {"trained_until": 5})


def test_raw_score_is_lightgbms_own(bundle: Bundle) -> None:
    some = rows(200, 1)
    wanted = BOOSTERS["standard"].predict(some, raw_score=True)
    assert [bundle.score(row, "standard").raw_score for row in some] == list(wanted)
    assert list(bundle.raw_scores(some, "standard")) == list(wanted)


@pytest.mark.parametrize("lane", ["standard", "no_reason"])
def test_contributions_and_base_add_up(bundle: Bundle, lane: str) -> None:
    for row in rows(200, 2):
        found = bundle.score(row, lane)
        assert math.fsum([found.base, *found.contributions]) == pytest.approx(
            found.raw_score, abs=1e-9
        )


def test_contributions_are_exact_shapley_values_of_the_trees(bundle: Bundle) -> None:
    row = rows(1, 3)[0]
    wanted = BOOSTERS["standard"].predict(row[None, :], pred_contrib=True)[0]
    found = bundle.score(row, "standard")
    np.testing.assert_allclose(found.contributions, wanted[:-1], rtol=0, atol=1e-12)
    assert found.base == wanted[-1]


def test_no_reason_lane_is_blind_to_what_it_must_not_see(bundle: Bundle) -> None:
    row = rows(1, 4)[0]
    before = bundle.score(row, "no_reason")
    row[4:7] = [99.0, np.nan, -99.0]
    after = bundle.score(row, "no_reason")
    assert (after.probability, after.raw_score, after.base) == (
        before.probability, before.raw_score, before.base,
    )  # fmt: skip
    assert after.contributions.tobytes() == before.contributions.tobytes()
    assert not after.contributions[4:7].any()


def test_many_rows_give_the_bits_of_one(bundle: Bundle) -> None:
    some = rows(300, 5)
    together = bundle.probabilities(some, "standard")
    assert [bundle.score(row, "standard").probability for row in some] == list(together)


def test_scoring_from_many_threads_changes_nothing(bundle: Bundle) -> None:
    some = rows(400, 6)
    alone = [bundle.score(row, "standard").contributions.tobytes() for row in some]
    with ThreadPoolExecutor(8) as pool:
        together = pool.map(lambda row: bundle.score(row, "standard"), some)
        assert [found.contributions.tobytes() for found in together] == alone


def test_there_and_back_through_a_folder(bundle: Bundle, tmp_path: Path) -> None:
    path = bundle.save(tmp_path / "made")
    back = Bundle.load(tmp_path / "made", HASHES | {"one more": "x"})
    assert back.digest == bundle.digest == json.loads(path.read_text())["digest"]
    assert dict(back.thresholds) == {"ask_above": 0.31}
    assert back.about["trained_until"] == 5
    some = rows(50, 7)
    np.testing.assert_array_equal(
        back.probabilities(some, "no_reason"), bundle.probabilities(some, "no_reason")
    )


@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=150, deadline=None)
def test_any_changed_bit_is_refused(bundle: Bundle, at: float, bit: int) -> None:
    raw = bytearray(bundle.to_bytes())
    raw[int(at * len(raw))] ^= 1 << bit
    with pytest.raises(ModelRefused):
        Bundle.load(bytes(raw))


def test_every_bit_of_the_digest_counts(bundle: Bundle) -> None:
    for at in range(80):
        raw = bytearray(bundle.to_bytes())
        raw[at] ^= 1
        with pytest.raises(ModelRefused, match="changed"):
            Bundle.load(bytes(raw))


def test_a_cut_off_or_missing_file_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="changed"):
        Bundle.load(bundle.to_bytes()[:-1])
    with pytest.raises(ModelRefused, match="no model"):
        Bundle.load(tmp_path / "nowhere")


def test_missing_and_changed_features_are_named(bundle: Bundle) -> None:
    available = {**HASHES, "f3": "another"}
    del available["f5"]
    with pytest.raises(ModelRefused, match=r"missing: f5; changed: f3$"):
        Bundle.load(bundle.to_bytes(), available)


def test_a_lane_or_width_it_does_not_have_is_refused(bundle: Bundle) -> None:
    with pytest.raises(ModelRefused, match="no model for lane express"):
        bundle.score(rows(1)[0], "express")
    with pytest.raises(ModelRefused, match="12 features wanted"):
        bundle.score(np.zeros(11), "standard")


def test_trees_over_other_columns_are_refused() -> None:
    text = BOOSTERS["no_reason"].model_to_string()
    with pytest.raises(ModelRefused, match="9 columns, 12 are named"):
        Bundle(HASHES, {"standard": Lane(NAMES, text, CALIBRATION)})


def test_what_is_not_a_model_is_refused() -> None:
    with pytest.raises(ModelRefused):
        Bundle(HASHES, {"standard": Lane(NAMES, "tree\nnonsense", CALIBRATION)})


rising = st.lists(st.floats(0.001, 5), min_size=1, max_size=12)


@given(runs=rising, rises=rising, tails=st.tuples(st.floats(0.01, 2), st.floats(0.01, 2)),
       scores=st.lists(st.floats(-60, 60), min_size=2, max_size=30))  # fmt: skip
def test_calibration_rises_and_stays_inside(
    runs: list[float], rises: list[float], tails: tuple[float, float], scores: list[float]
) -> None:
    corners = min(len(runs), len(rises))
    raw, logit = np.cumsum(runs[:corners]) - 5, np.cumsum(rises[:corners]) - 8
    made = Calibration("isotonic", tuple(raw), tuple(logit), tails)
    found = [made.probability(score) for score in sorted(scores)]
    assert found == sorted(found)
    assert 0 < found[0] <= found[-1] < 1
    assert list(made.probabilities(np.sort(scores))) == found
    assert Calibration.from_json(json.loads(json.dumps(made.to_json()))) == made


def test_calibration_hits_its_corners() -> None:
    for raw, logit in zip(CALIBRATION.raw, CALIBRATION.logit, strict=True):
        assert CALIBRATION.probability(raw) == pytest.approx(1 / (1 + math.exp(-logit)))


@pytest.mark.parametrize(
    ("raw", "logit", "tail"),
    [((0.0, 1.0), (2.0, 2.0), (1, 1)), ((1.0, 0.0), (0.0, 1.0), (1, 1)), ((0.0,), (0.0,), (0, 1)),
     ((math.nan,), (0.0,), (1, 1)), ((), (), (1, 1))],
)  # fmt: skip
def test_a_calibration_that_does_not_rise_is_refused(
    raw: tuple[float, ...], logit: tuple[float, ...], tail: tuple[float, float]
) -> None:
    with pytest.raises(ModelRefused, match="rise"):
        Calibration("isotonic", raw, logit, tail)
