"""Fingerprints: the patches of a picture as text, turned and mirrored, and by bands of bits."""

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

SEPARATOR = "|"
"""Between the fingerprints of several pictures of one file."""

_MIXED = tuple(bit * 37 % 64 for bit in range(63))
"""The bits by band: each takes coefficients of all directions and sizes."""

_ONE = np.dtype([("hash", "<u8"), ("place", "<u2", 3)])
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
        rows = np.empty(len(self.hashes), _ONE)
        rows["hash"] = self.hashes
        rows["place"] = np.clip(np.round(self.places * _SCALE), 0, 65_535)
        return base64.b64encode(struct.pack("<HH", *self.size) + rows.tobytes()).decode()

    @classmethod
    def decoded(cls, text: str) -> Self:
        """The patches that a text holds. Raises ValueError for any other."""
        raw = base64.b64decode(text, validate=True)
        try:
            rows = np.frombuffer(raw, _ONE, offset=4)
            width, height = struct.unpack("<HH", raw[:4])
        except (struct.error, ValueError) as error:
            raise ValueError("no fingerprint") from error
        hashes, places = rows["hash"].astype(np.uint64), rows["place"].astype(np.float64)
        return cls(hashes, places / _SCALE, (width, height))

    def variants(self) -> Iterator[Patches]:
        """The same picture, its turns and their mirror images: eight."""
        width, height = self.size
        x, y, s = self.places.T
        for swap, across, down in SYMMETRIES:
            u, v = (width - x if across else x), (height - y if down else y)
            place = np.stack([v, u, s] if swap else [u, v, s], axis=1)
            size = (height, width) if swap else (width, height)
            yield Patches(_turned(self.hashes, swap, across, down), place, size)


SYMMETRIES = tuple((s, a, d) for s in (False, True) for a in (False, True) for d in (False, True))
"""How `variants` differ, in their order: across and down are swapped; then each is reversed."""


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
