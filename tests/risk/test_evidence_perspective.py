"""Whether a perspective explains places better than a move and a scale do."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from risk.evidence.perspective import LEAST_PLACES, perspective

Places = npt.NDArray[np.float64]


def places(seed: int, number: int = 20) -> tuple[Places, Places]:
    """Places in one picture of 448 pixels, and half a pixel's doubt about each."""
    draw = np.random.default_rng(seed)
    return draw.uniform(-224, 224, (number, 2)), draw.normal(0, 0.5, (number, 2))


def told(p: Places, q: Places) -> float:
    """What is told of places that lie on each other as well as a move and a scale can lay them."""
    p, q = p - p.mean(axis=0), q - q.mean(axis=0)
    scale = float((p * q).sum() / (p * p).sum())
    left = float((((p * scale - q) / 448) ** 2).sum())
    return perspective(p, q / 448, left)


def test_a_copy_has_none() -> None:
    found = []
    for seed in range(200):
        p, doubt = places(seed)
        found.append(told(p, p * 0.7 + doubt + (30, 12)))
    assert np.median(found) < 0.5
    assert np.quantile(found, 0.95) < 1.5


def test_another_place_of_the_camera_has_one() -> None:
    for seed in range(50):
        p, doubt = places(seed)
        slanted = p / (1 + p[:, :1] * 1e-4)
        assert told(p, slanted + doubt) > 1.5, seed


def test_a_few_places_say_nothing() -> None:
    p, doubt = places(1, LEAST_PLACES - 1)
    assert told(p, p / (1 + p[:, :1] * 1e-3) + doubt) == 0


def test_places_that_fit_exactly_have_none() -> None:
    p, _ = places(2)
    assert told(p, 2 * p) < 0
