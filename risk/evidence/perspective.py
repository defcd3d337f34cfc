"""Perspective between two pictures: whether one was taken from another place than the other."""

from __future__ import annotations

import numpy as np

from risk.evidence.patches import Places

LEAST_PLACES = 11
"""A perspective has eight numbers, and rounding the size of a picture shifts its places a little:
fewer places say nothing of it."""

_NOISE = 0.0002
"""Places of patches are never surer than this, as a share of the longer side."""


def perspective(p: Places, q: Places, left: float) -> float:
    """How much better a perspective brings places of one picture to those of another than a move
    and a scale do, which leave `left`: the logarithm of an F ratio, about 0 for a copy.

    `p` and `q` are places around their means, and `left` is the sum of the squares, as shares of
    the longer side of the picture of `q`.
    """
    number = len(p)
    if number < LEAST_PLACES:
        return 0.0
    squares = float(np.sum((_projected(p, q) - q) ** 2))
    noise = max(squares / (2 * number - 8), _NOISE**2)
    return float(np.log(max((left - squares) / 4 / noise, 0.1)))


def _projected(p: Places, q: Places) -> Places:
    """The places of `p` under the perspective that fits `q` best: linear least squares."""
    (x, y), (u, v) = (p / np.sqrt(np.mean(p**2) * 2)).T, q.T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate(
        [
            np.stack([x, y, one, none, none, none, -x * u, -y * u], axis=1),
            np.stack([none, none, none, x, y, one, -x * v, -y * v], axis=1),
        ]
    )
    found = np.linalg.lstsq(rows, np.concatenate([u, v]), rcond=None)[0]
    return np.asarray((rows @ found).reshape(2, -1).T)
