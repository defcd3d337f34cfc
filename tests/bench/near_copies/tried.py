"""One upload tried: read, compared with what is stored, and hashed as others do."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import imagehash
import numpy as np
from PIL import Image

from risk.evidence.nearness import compare
from risk.evidence.patches import Patches, split
from risk.evidence.reading import read_file
from risk.history.store import History
from tests.bench.near_copies.copied import SENT_AGAIN, copy_of
from tests.bench.near_copies.filled_store import open_store
from tests.bench.near_copies.hard_pictures import picture
from training.simulate.drawn_pictures import as_jpeg

Shot = tuple[str, int, int]
"""The kind of a picture, the thing and the shot."""

HASHES = {"average hash": imagehash.average_hash, "difference hash": imagehash.dhash}
"""Of `imagehash`, 64 bits each."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that is stored: its fingerprint, the hash of its file, and the other hashes by
    name."""

    kind: str
    patches: Patches
    file_hash: bytes
    hashes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an upload: the files it is near to, the hash of its file, the other hashes, and
    seconds of a processor to read it and to compare it."""

    near: frozenset[int]
    file_hash: bytes
    hashes: dict[str, int]
    read_s: float
    compare_s: float


def draw_one(shot: Shot) -> Drawn:
    """Draw a picture that is stored."""
    content = _file(shot, shot[2])
    [patches] = split(read_file(content).fingerprints)
    return Drawn(shot[0], patches, sha256(content).digest(), _hashes(content))


def try_strange(file: Path, shot: Shot) -> Tried:
    """Upload a picture that copies none of those stored."""
    return _try(file, _file(shot, shot[2]))


def try_copy(file: Path, shot: Shot, name: str, seed: int) -> Tried:
    """Upload a copy of a stored picture."""
    if name == SENT_AGAIN:
        return _try(file, _file(shot, shot[2]))
    return _try(file, copy_of(picture(*shot), name, seed))


def _file(shot: Shot, seed: int) -> bytes:
    draw = np.random.default_rng((17, seed))
    return as_jpeg(picture(*shot), int(draw.integers(60, 95)))


def _try(file: Path, content: bytes) -> Tried:
    start = time.process_time()
    record = read_file(content)
    read = time.process_time()
    with _store(file).read() as connection:
        found = compare(connection, {"fingerprints": [record.fingerprints]})
    compared = time.process_time()
    file_hash = sha256(content).digest()
    return Tried(found.near, file_hash, _hashes(content), read - start, compared - read)


@cache
def _store(file: Path) -> History:
    return open_store(file)


def _hashes(content: bytes) -> dict[str, int]:
    with Image.open(io.BytesIO(content)) as opened:
        return {name: int(str(of(opened)), 16) for name, of in HASHES.items()}
