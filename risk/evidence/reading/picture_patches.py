"""Fingerprints of pictures: the patches around their corners and blobs, each as 64 signs.

A patch's hash holds the signs of its lowest cosine coefficients, so a mirror image or a turn by 90
degrees only flips and swaps signs (`risk.evidence.patches` compares them). Patches move with what
they show: what a crop, a frame or an overlay leaves can still be found.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from risk.evidence.patches import COEFFICIENTS, Patches

SIDE = 448
"""Pixels of the longer side that fingerprints are made of."""

PATCHES = 40
"""The most patches of one picture."""

_LEAST_SIZE = 5.0
_REACH = 3.2
"""Half a patch's width, in sizes of its keypoint."""
_CELLS = 32
_APART = 0.35
"""Keypoints nearer than this share of their reach show the same thing."""
_FLAT = 0.6
"""A patch with more equal neighbours than this was drawn: lettering and icons of a screen, a page,
a plain ground. Those look alike in pictures that have nothing in common."""
_LEAST_CONTRAST = 9.0
_CHANGES, _BETWEEN = 2.5, 0.4
"""Lettering: between ink and ground so often a line, with so few pixels of neither."""

Gray = npt.NDArray[np.uint8]


def patches_of(gray: Gray, most: int = PATCHES) -> Patches:
    """The patches of a picture in grey, at most `most`; the strongest first."""
    gray = scaled(gray)
    smooth = cv2.GaussianBlur(gray, (0, 0), 1.2)
    points = cv2.SIFT.create(nfeatures=600, contrastThreshold=0.02).detect(smooth, None)
    rows: list[tuple[float, float, float]] = []
    hashes: list[int] = []
    for point in sorted(points, key=lambda p: (-p.response * p.size, p.pt)):
        x, y, size = point.pt[0], point.pt[1], point.size
        if size < _LEAST_SIZE or _taken(rows, x, y, size):
            continue
        found = _hash(gray, x, y, size * _REACH)
        if found is not None:
            rows.append((x, y, size))
            hashes.append(found)
        if len(hashes) == most:
            break
    height, width = gray.shape
    return Patches.of(hashes, rows, (width, height))


def flat_share(gray: Gray) -> float:
    """The share of pixels that equal their right neighbour: high where a picture was drawn."""
    return float(np.mean(gray[:, 1:] == gray[:, :-1]))


def scaled(gray: Gray) -> Gray:
    """The picture with its longer side at `SIDE`; a smaller one is enlarged."""
    height, width = gray.shape
    by = SIDE / max(height, width)
    size = max(round(width * by), 16), max(round(height * by), 16)
    way = cv2.INTER_AREA if by < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(gray, size, interpolation=way), dtype=np.uint8)


def _taken(rows: list[tuple[float, float, float]], x: float, y: float, size: float) -> bool:
    return any(
        max(abs(x - a), abs(y - b)) < _APART * _REACH * max(size, s) and 0.6 < size / s < 1.7
        for a, b, s in rows
    )


def _is_lettering(patch: Gray) -> bool:
    """Whether a patch shows two levels that change often: labels and invoices have words in common
    that say nothing of who took the picture."""
    low, high = np.percentile(patch, (5, 95))
    level = (patch - low) / max(high - low, 1.0)
    ink = level > 0.5
    changes = max(
        float(np.mean(np.sum(ink[:, 1:] != ink[:, :-1], axis=1))),
        float(np.mean(np.sum(ink[1:] != ink[:-1], axis=0))),
    )
    between = float(np.mean((level > 0.25) & (level < 0.75)))
    return changes >= _CHANGES and between < _BETWEEN


def _hash(gray: Gray, x: float, y: float, reach: float) -> int | None:
    """The signs of one patch; None where it crosses the border or shows nothing of its own."""
    height, width = gray.shape
    if x < reach or y < reach or x + reach > width or y + reach > height:
        return None
    step = 2 * reach / _CELLS
    shift = 0.5 * step - 0.5
    to = np.array([[step, 0, x - reach + shift], [0, step, y - reach + shift]], dtype=np.float32)
    source = gray if step < 1.5 else cv2.GaussianBlur(gray, (0, 0), 0.4 * step)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    patch = cv2.warpAffine(source, to, (_CELLS, _CELLS), flags=flags, borderMode=cv2.BORDER_REFLECT)
    exact = gray[int(y - reach) : int(y + reach), int(x - reach) : int(x + reach)]
    if patch.std() < _LEAST_CONTRAST or flat_share(exact) > _FLAT:
        return None
    if _is_lettering(np.asarray(patch, dtype=np.uint8)):
        return None
    waves = cv2.dct(patch.astype(np.float32))
    return sum(1 << bit for bit, (v, u) in enumerate(COEFFICIENTS) if waves[v, u] > 0)
