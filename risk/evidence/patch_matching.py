"""Comparing fingerprints: which patches of two pictures show the same thing at the same place.

The work is bounded whatever the pictures show: a chessboard has thousands of pairs of patches that
look alike, and of each patch only the most alike partners count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from risk.evidence.patches import SYMMETRIES, Patches, Places
from risk.evidence.perspective import perspective

NEAR_BITS = 12
"""Hashes that differ in at most so many bits are of one patch."""

PARTNERS = 2
"""Of each patch so many partners count, the most alike."""

MOST_TRIES = 32
"""So many ways to lay one picture on another are tried exactly, those with most pairs first."""

LEAST_MATCHES = 5
"""So many patches at consistent places make two pictures near."""

_ROUGH = 0.02
"""How far a patch may lie from where two others put it, as a share of the longer side."""

_EXACT = 0.005
"""The same, from where all of them put it."""

_ROUNDS = 3
"""So often that place is taken anew from those that fit it."""

_SIZES = 0.4
"""How far the sizes of two patches may be from the scale, in powers of two: a factor of 1.32."""

_TURN = 0.02
"""How far a copy may be turned, besides by right angles: the tangent of 1.1 degrees."""

_LEAST_SHARE = 0.15
_SHARE = -0.1
_BY_RESIDUAL = 193.0
_BY_BITS = 0.019
_BY_TURN = 10.5
_BY_PERSPECTIVE = 0.16
_FREE_PERSPECTIVE = 1.2
"""At least such a share of the patches that both pictures could have in common agree, the more the
less exactly they agree: by how far the patches lie apart (root of the mean square, as a share of
the longer side; less by as much as the other picture shows the thing larger), by how many bits of
their hashes differ, by how far they are turned, by how much better a perspective fits them. Another
picture of the same flat thing, taken from nearly the same place, has all of it; a copy hardly any.
Fitted to 1,300 copies and 5,696 such pictures; `make bench-pictures` measures others."""

_LEAST_BASE = 0.15
"""The least distance of the two patches that a scale is taken from, as a share of the longer side
of the one picture; in the other it may be a third of that."""

_Flags = npt.NDArray[np.bool_]


class Pairs(NamedTuple):
    """Patches of one picture (`left`, by number) with their likely partners in another (`right`),
    the places of both, and how many bits of their hashes differ, a row a pair."""

    left: npt.NDArray[np.intp]
    right: npt.NDArray[np.intp]
    p: Places
    q: Places
    bits: npt.NDArray[np.int16]

    def distinct(self, fits: _Flags) -> int:
        """How many of the pairs that fit there are, each patch counted once."""
        return min(len(np.unique(self.left[fits])), len(np.unique(self.right[fits])))


def near(one: Patches, other: Patches) -> bool:
    """Whether a picture is another, cut, scaled, turned, mirrored or written over."""
    return near_some_way(one.variants(), other)


def near_some_way(variants: Iterable[Patches], other: Patches) -> bool:
    """The same, of a picture given by its `variants`."""
    return any(agreeing(one, other, LEAST_MATCHES) >= LEAST_MATCHES for one in variants)


def matching(one: Patches, other: Patches) -> int:
    """How many patches of two pictures agree, whichever way round one of them is."""
    best = laid(one, other)
    return best.pairs if best else 0


class Laid(NamedTuple):
    """How one picture lies on another: how many pairs of patches agree, and which way round."""

    pairs: int
    mirrored: bool
    turned: bool


def laid(one: Patches, other: Patches) -> Laid | None:
    """The way in which most patches of two pictures agree; None where they are not near."""
    ways = [
        Laid(agreeing(variant, other), bool((swap + across + down) % 2), swap or (across and down))
        for variant, (swap, across, down) in zip(one.variants(), SYMMETRIES, strict=True)
    ]
    best = max(ways, key=lambda way: way.pairs)
    return best if best.pairs >= LEAST_MATCHES else None


def agreeing(one: Patches, other: Patches, enough: int = 2**16) -> int:
    """The most pairs of patches that one move and one scale bring together, of those tried; no
    better is looked for once `enough` are found. 0 where fewer than `LEAST_MATCHES` do."""
    pairs = likely_pairs(one, other)
    best = 0
    for fits in likely_layings(pairs, one.size, other.size):
        best = max(best, _exact(one, other, pairs, fits))
        if best >= enough:
            break
    return best


def likely_pairs(one: Patches, other: Patches) -> Pairs:
    """Pairs of patches that look alike: at most `PARTNERS` of each patch, of either picture."""
    apart = np.bitwise_count(one.hashes[:, None] ^ other.hashes[None, :]).astype(np.int16)
    if np.count_nonzero(apart <= NEAR_BITS) < LEAST_MATCHES:
        apart = apart[:0]
    for axis in (0, 1):
        rank = np.argsort(np.argsort(apart, axis=axis, kind="stable"), axis=axis)
        apart = np.where(rank < PARTNERS, apart, 64 + 1)
    left, right = np.nonzero(apart <= NEAR_BITS)
    return Pairs(left, right, one.places[left], other.places[right], apart[left, right])


def likely_layings(pairs: Pairs, size: tuple[int, int], other: tuple[int, int]) -> Iterator[_Flags]:
    """Which pairs fit where two of them say how one picture lies on the other: the ways with most
    pairs first, each once, at most `MOST_TRIES`."""
    if len(pairs.left) < LEAST_MATCHES:
        return
    fits = _voted(pairs, size, other)
    votes = np.minimum(*(_distinct_by_row(fits, of) for of in (pairs.left, pairs.right)))
    fits, votes = fits[votes >= LEAST_MATCHES], votes[votes >= LEAST_MATCHES]
    tried: set[bytes] = set()
    for number in np.argsort(-votes, kind="stable"):
        packed = np.packbits(fits[number]).tobytes()
        if packed in tried:
            continue
        tried.add(packed)
        yield fits[number]
        if len(tried) == MOST_TRIES:
            return


def _voted(pairs: Pairs, size: tuple[int, int], other: tuple[int, int]) -> _Flags:
    """For every two pairs far enough apart, which pairs roughly fit the scale and move that they
    give: a row for each such two."""
    i, j = np.triu_indices(len(pairs.left), 1)
    p, q = pairs.p[:, :2], pairs.q[:, :2]
    base, to = np.hypot(*(p[j] - p[i]).T), np.hypot(*(q[j] - q[i]).T)
    wide = (base > _LEAST_BASE * max(size)) & (to > _LEAST_BASE / 3 * max(other))
    i, j = i[wide], j[wide]
    scale = to[wide] / base[wide]
    reach = _ROUGH * max(other)
    straight = np.max(np.abs((p[j] - p[i]) * scale[:, None] - (q[j] - q[i])), axis=1) <= reach
    i, scale = i[straight], scale[straight]
    fits = np.abs(np.log2(pairs.p[:, 2] / pairs.q[:, 2]) + np.log2(scale)[:, None]) < _SIZES
    for axis in (0, 1):
        move = q[i, axis] - p[i, axis] * scale
        fits &= np.abs(scale[:, None] * p[:, axis] + move[:, None] - q[:, axis]) <= reach
    return np.asarray(fits)


def _distinct_by_row(fits: _Flags, of: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """How many different patches each row's pairs have, by the number of the patch of each pair."""
    which = of[:, None] == np.unique(of)[None, :]
    return np.asarray((fits.astype(np.float32) @ which.astype(np.float32) > 0).sum(axis=1))


def _exact(one: Patches, other: Patches, pairs: Pairs, fits: _Flags) -> int:
    """How many of these pairs one move and one scale bring together exactly; 0 where too few do.

    A copy keeps the camera's place: whoever takes another picture of the same thing stands a little
    elsewhere, so it is turned, or its parts move against each other, or what is around it differs.
    """
    p, q = pairs.p[:, :2], pairs.q[:, :2]
    for _ in range(_ROUNDS):
        centre, to = p[fits].mean(axis=0), q[fits].mean(axis=0)
        a, b = p[fits] - centre, q[fits] - to
        along, across = float((a * b).sum()), float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum())
        if along <= 0 or abs(across) > _TURN * along:
            return 0
        scale = along / float((a * a).sum())
        apart = np.hypot(*((p - centre) * scale + to - q).T) / max(other.size)
        fits = apart <= _EXACT
        if pairs.distinct(fits) < LEAST_MATCHES:
            return 0
    inside = min(
        _inside((one.places[:, :2] - centre) * scale + to, other.size),
        _inside((other.places[:, :2] - to) / scale + centre, one.size),
    )
    squares, longer = float(np.sum(apart[fits] ** 2)), max(other.size)
    differs = Disagreement(
        residual=float(np.sqrt(squares / fits.sum())) / max(scale, 1.0),
        bits=float(np.mean(pairs.bits[fits])),
        turn=abs(across) / along,
        perspective=perspective((p - centre)[fits], (q - to)[fits] / longer, squares),
    )
    found = pairs.distinct(fits)
    return found if found >= _needed(differs) * inside else 0


class Disagreement(NamedTuple):
    """In what patches that agree differ all the same, on the average."""

    residual: float
    bits: float
    turn: float
    perspective: float


def _needed(differs: Disagreement) -> float:
    """The share of the patches that must agree where they agree so exactly."""
    asked = _SHARE + _BY_RESIDUAL * differs.residual + _BY_BITS * differs.bits
    asked += _BY_TURN * differs.turn
    asked += _BY_PERSPECTIVE * max(differs.perspective - _FREE_PERSPECTIVE, 0.0)
    return max(_LEAST_SHARE, asked)


def _inside(places: Places, size: tuple[int, int]) -> int:
    return int(np.all((places >= 0) & (places <= np.array(size)), axis=1).sum())
