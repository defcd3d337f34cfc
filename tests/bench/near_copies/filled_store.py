"""A store with very many fingerprints: those of drawn pictures, and more put together of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection, connect

import numpy as np
import numpy.typing as npt

from risk.evidence.nearness import INDEXED
from risk.evidence.patches import Hashes, Patches, Places, bands
from risk.history.store import History

Known = Sequence[tuple[str, Patches]]
"""By kind of picture: the fingerprints of those that were drawn."""

Numbers = npt.NDArray[np.int64]

_CHUNK = 20_000
_LEAST, _MOST = 12, 40
_FILE = """INSERT INTO files (fact_key, content, evidence_id, known_at, revision, reader, digest,
  media_type, fingerprints, picture, commit_no)
  VALUES (?, ?, ?, ?, 1, '2', ?, 'image/jpeg', ?, ?, 1)"""
_BAND = "INSERT INTO picture_bands (band, at, fact_key) VALUES (?, ?, ?)"


class MadeUp:
    """Pictures put together of the patches of one kind each, at about the places they stand at,
    with some of their bits changed: as alike as pictures of that kind are."""

    def __init__(self, known: Known) -> None:
        by_kind: dict[str, list[Patches]] = {}
        for kind, patches in known:
            by_kind.setdefault(kind, []).append(patches)
        enough = [of for of in by_kind.values() if sum(len(p.hashes) for p in of) >= _MOST]
        self._hashes: Hashes = np.concatenate([p.hashes for of in enough for p in of])
        self._places: Places = np.concatenate([p.places for of in enough for p in of])
        ends = np.cumsum([sum(len(p.hashes) for p in of) for of in enough])
        self._begin, self._size = np.r_[0, ends[:-1]], np.diff(np.r_[0, ends])

    def some(self, number: int, seed: int) -> list[Patches]:
        """So many pictures."""
        draw = np.random.default_rng((15, seed))
        sizes = draw.integers(_LEAST, _MOST + 1, number)
        kinds = np.repeat(draw.integers(len(self._size), size=number), sizes)
        chosen = self._begin[kinds] + (draw.random(len(kinds)) * self._size[kinds]).astype(int)
        hashes = self._hashes[chosen] ^ _flips(draw, len(chosen))
        places = np.abs(self._places[chosen] + draw.normal(0, 2, (len(chosen), 3)) * (1, 1, 0))
        ends = np.cumsum(sizes)
        return [
            Patches(hashes[end - size : end], places[end - size : end], (448, 448))
            for end, size in zip(ends.tolist(), sizes.tolist(), strict=True)
        ]


def _flips(draw: np.random.Generator, size: int) -> Hashes:
    """Up to twelve bits of each."""
    flips = np.zeros(size, dtype=np.uint64)
    most = draw.integers(13, size=size)
    for number in range(12):
        bit = np.uint64(1) << draw.integers(64, size=size).astype(np.uint64)
        flips ^= np.where(most > number, bit, np.uint64(0))
    return flips


def open_store(file: Path) -> History:
    """The store in a file, which is made if missing."""
    return History.open(f"sqlite:///{file}", "a secret for a benchmark only")


def fill(file: Path, known: Known, number: int) -> None:
    """Store the fingerprints of the drawn pictures (`fact_key` is their place) and made up ones
    until there are so many; drawn ones are spread over the time of all."""
    made, source = max(number - len(known), 0), MadeUp(known)
    drawn_at = np.sort(np.random.default_rng(16).choice(number, len(known), replace=False)) + 1
    free = np.setdiff1d(np.arange(1, number + 1), drawn_at)
    with closing(connect(file, isolation_level=None)) as db:
        db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;")
        db.execute("DROP INDEX ix_picture_bands_fact_key")
        rows = [_store(db, [patches for _, patches in known], 0, drawn_at)]
        for first in range(0, made, _CHUNK):
            some = source.some(min(_CHUNK, made - first), first)
            rows.append(_store(db, some, len(known) + first, free[first : first + _CHUNK]))
        keys = np.empty(number + 1, dtype=np.int64)
        keys[drawn_at], keys[free] = np.arange(len(known)), np.arange(len(known), number)
        _index(db, np.sort(np.concatenate(rows)), keys)
        db.execute("COMMIT")


def _store(db: Connection, some: Sequence[Patches], first: int, at: Numbers) -> Numbers:
    """Store files; answers their bands and instants, each pair as one number."""
    db.executemany(
        _FILE,
        (
            (key, key, f"E-{key}", instant, f"{key:064x}", patches.encoded(), key)
            for key, instant, patches in zip(
                range(first, first + len(some)), at.tolist(), some, strict=True
            )
        ),
    )
    strongest = [patches.hashes[:INDEXED] for patches in some]
    instants = np.repeat(at, [len(one) for one in strongest])
    return np.unique((bands(np.concatenate(strongest)) << 32) | instants[:, None])


def _index(db: Connection, rows: Numbers, keys: Numbers) -> None:
    for some in np.array_split(rows, max(len(rows) // 10**6, 1)):
        at = some & (2**32 - 1)
        columns = ((some >> 32).tolist(), at.tolist(), keys[at].tolist())
        db.executemany(_BAND, zip(*columns, strict=True))
