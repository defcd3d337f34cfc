"""Comparing fingerprints: which patches of two pictures show the same thing at the same place."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np
import numpy.typing as npt

COEFFICIENTS = tuple(
    (v, u) for v in range(11) for u in range(11) if 1 <= u + v <= 10 and (v, u) != (5, 5)
)
"""The 64 cosine coefficients, (down, across), whose signs make a hash: a set that turning keeps."""

BANDS = 3
"""Bands of 21 bits of each hash: one of them is equal in most copies of a patch."""

NEAR_BITS = 12
"""Hashes that differ in at most so many bits are of one patch."""

SEPARATOR = "|"
"""Between the fingerprints of several pictures of one file."""

LEAST_MATCHES = 5
"""So many patches at consistent places make two pictures near."""

_APART = 0.02
"""How far a patch may lie from where two others put it, as a share of the longer side."""
_EXACT = 0.005
"""The same, from where all of them put it."""
_TURN = 0.01
"""How far a copy may be turned, besides by right angles: the tangent of half a degree."""
_SHARE = 0.25
"""At least such a share of the patches that both pictures could have in common agree."""
_LEAST_BASE = 0.15
"""The least distance of the two patches that a scale is taken from, as a share of the picture."""

_MIXED = tuple(bit * 37 % 64 for bit in range(63))
"""The bits by band: each takes coefficients of all directions and sizes."""

_ONE = struct.Struct("<QHHH")
_SCALE = 16
"""Places are kept in sixteenths of a pixel."""

Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Patches:
    """The patches of one picture: hashes, and (x, y, size) each in pixels of the picture's size."""

    hashes: Hashes
    places: Places
    size: tuple[int, int]

    @classmethod
    def of(
        cls,
        hashes: Sequence[int],
        places: Sequence[tuple[float, float, float]],
        size: tuple[int, int],
    ) -> Self:
        """The patches with these hashes at these places."""
        return cls(
            np.array(hashes, dtype=np.uint64),
            np.array(places, dtype=np.float64).reshape(-1, 3),
            size,
        )

    def encoded(self) -> str:
        """The patches as text."""
        rounded = np.clip(np.round(self.places * _SCALE), 0, 65_535).astype(int)
        rows = zip(self.hashes.tolist(), rounded.tolist(), strict=True)
        packed = b"".join(_ONE.pack(one, *place) for one, place in rows)
        return base64.b64encode(struct.pack("<HH", *self.size) + packed).decode()

    @classmethod
    def decoded(cls, text: str) -> Self:
        """The patches that a text holds. Raises ValueError for any other."""
        raw = base64.b64decode(text, validate=True)
        try:
            rows = list(_ONE.iter_unpack(raw[4:]))
            width, height = struct.unpack("<HH", raw[:4])
        except struct.error as error:
            raise ValueError("no fingerprint") from error
        return cls(
            np.array([row[0] for row in rows], dtype=np.uint64),
            np.array([row[1:] for row in rows], dtype=np.float64).reshape(-1, 3) / _SCALE,
            (width, height),
        )

    def variants(self) -> Iterator[Patches]:
        """The same picture, its turns and their mirror images: eight."""
        width, height = self.size
        x, y, s = self.places.T
        for swap, across, down in _SYMMETRIES:
            u, v = (width - x if across else x), (height - y if down else y)
            place = np.stack([v, u, s] if swap else [u, v, s], axis=1)
            size = (height, width) if swap else (width, height)
            yield Patches(_turned(self.hashes, swap, across, down), place, size)


_SYMMETRIES = tuple((s, a, d) for s in (False, True) for a in (False, True) for d in (False, True))


def joined(pictures: Iterable[Patches]) -> str:
    """The fingerprints of several pictures as one text: of the frames of a film, of pages."""
    return SEPARATOR.join(picture.encoded() for picture in pictures)


def split(text: str | None) -> list[Patches]:
    """The fingerprints in a text. Raises ValueError where it holds anything else."""
    return [Patches.decoded(part) for part in (text or "").split(SEPARATOR) if part]


def bands(hashes: Hashes) -> npt.NDArray[np.int64]:
    """The bands of hashes, as numbers that no two bands share: a row of `BANDS` each."""
    bits = _bits(hashes)[:, _MIXED].reshape(-1, BANDS, 21).astype(np.int64)
    numbers = bits @ (1 << np.arange(21, dtype=np.int64))
    return np.asarray(numbers + (np.arange(BANDS, dtype=np.int64) << 21))


def matching(one: Patches, other: Patches) -> int:
    """How many patches of two pictures agree, whichever way round one of them is."""
    return max(_consistent(variant, other) for variant in one.variants())


def near(one: Patches, other: Patches) -> bool:
    """Whether two pictures are one picture, cut, scaled, turned, mirrored or written over."""
    return any(
        _consistent(variant, other, LEAST_MATCHES) >= LEAST_MATCHES for variant in one.variants()
    )


def _consistent(one: Patches, other: Patches, enough: int = 2**16) -> int:
    """The most pairs of patches that one move and one scale bring together; no better is looked for
    once `enough` are found."""
    apart = np.bitwise_count(one.hashes[:, None] ^ other.hashes[None, :])
    left, right = np.nonzero(apart <= NEAR_BITS)
    best = 0
    if len(left) < LEAST_MATCHES:
        return best
    p, q, reach = one.places[left], other.places[right], _APART * max(other.size)
    for i in range(len(left)):
        far, near_by = (np.hypot(*(at[:, :2] - at[i, :2]).T) for at in (p, q))
        wide = (far > _LEAST_BASE * max(one.size)) & (near_by > _LEAST_BASE / 3 * max(other.size))
        for j in np.nonzero(wide)[0]:
            scale = near_by[j] / far[j]
            moved = (p[:, :2] - p[i, :2]) * scale + q[i, :2]
            fits = np.max(np.abs(moved - q[:, :2]), axis=1) <= reach
            fits &= np.abs(np.log2(p[:, 2] * scale / q[:, 2])) < 0.4
            if _pairs(left, right, fits) > max(best, LEAST_MATCHES - 1):
                best = max(best, _exact(one, other, (left, right), fits))
            if best >= enough:
                return best
    return best


def _exact(
    one: Patches, other: Patches, pairs: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]],
    fits: npt.NDArray[np.bool_],
) -> int:  # fmt: skip
    """How many of these pairs one move and one scale bring together exactly; 0 where too few do.

    A copy keeps the camera's place: whoever takes another picture of the same thing stands a little
    elsewhere, so it is turned, or its parts move against each other, or what is around it differs.
    """
    p, q = one.places[pairs[0], :2], other.places[pairs[1], :2]
    for _ in range(2):
        centre, to = p[fits].mean(axis=0), q[fits].mean(axis=0)
        a, b = p[fits] - centre, q[fits] - to
        along, across = float((a * b).sum()), float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum())
        if along <= 0 or abs(across) > _TURN * along:
            return 0
        scale = along / float((a * a).sum())
        fits = np.hypot(*((p - centre) * scale + to - q).T) <= _EXACT * max(other.size)
        if _pairs(pairs[0], pairs[1], fits) < LEAST_MATCHES:
            return 0
    inside = min(
        _inside((one.places[:, :2] - centre) * scale + to, other.size),
        _inside((other.places[:, :2] - to) / scale + centre, one.size),
    )
    found = _pairs(pairs[0], pairs[1], fits)
    return found if found >= _SHARE * inside else 0


def _pairs(
    left: npt.NDArray[np.intp], right: npt.NDArray[np.intp], fits: npt.NDArray[np.bool_]
) -> int:
    """How many pairs fit, each patch counted once."""
    return min(len(np.unique(left[fits])), len(np.unique(right[fits])))


def _inside(places: Places, size: tuple[int, int]) -> int:
    return int(np.all((places >= 0) & (places <= np.array(size)), axis=1).sum())


def _bits(hashes: Hashes) -> npt.NDArray[np.uint8]:
    return (hashes[:, None] >> np.arange(64, dtype=np.uint64) & np.uint64(1)).astype(np.uint8)


def _turned(hashes: Hashes, swap: bool, across: bool, down: bool) -> Hashes:
    order, flips = _turning(swap, across, down)
    turned = (_bits(hashes) ^ flips)[:, order].astype(np.uint64)
    return np.asarray(turned @ (np.uint64(1) << np.arange(64, dtype=np.uint64)))


@cache
def _turning(
    swap: bool, across: bool, down: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Mirroring flips the signs of odd waves; turning swaps those across with those down."""
    flips = np.array([(across and u % 2) ^ (down and v % 2) for v, u in COEFFICIENTS], np.uint8)
    places = {place: bit for bit, place in enumerate(COEFFICIENTS)}
    order = np.array([places[(u, v) if swap else (v, u)] for v, u in COEFFICIENTS], dtype=np.int64)
    return order, flips
