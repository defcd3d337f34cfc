"""Files mutated from good ones, read and rendered as uploads are: what none of them may do.

`python -m tests.hostile_files COUNT SEED` tries as many as you like.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

from risk.errors import Unavailable
from risk.evidence.isolated_reader import IsolatedReader
from risk.evidence.reading.media_type import READ
from risk.evidence.reading.record import UnreadableFile
from tests.pictures import camera_record, film, saved, scene, signed

LONGEST_S = 1.0
_WINDOW = 48
_HEIC = Path(__file__).parent / "risk" / "files" / "phone.heic"
_SCRIPT = b"<script>alert(document.cookie)</script>"
_LENGTHS = (b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"\x00\x00\x00\x01")


@cache
def good_files() -> dict[str, bytes]:
    """One good file of each type that is read, and some with records in them."""
    picture = scene(7, (320, 240))
    document = saved(picture, "PDF")
    return {
        "jpeg": saved(picture, exif=camera_record()), "png": saved(picture, "PNG"),
        "webp": saved(picture, "WEBP"), "heic": _HEIC.read_bytes(), "pdf": document,
        "mp4": film(7, 2), "mov": film(8, 2, ".mov"), "credentials": signed(saved(picture)),
    }  # fmt: skip


def mutated(random: Random, kind: str = "") -> bytes:
    """A good file, of this kind or any, with some of its bytes changed, doubled, cut, or mixed with
    another's."""
    files = list(good_files().values())
    content = bytearray(good_files()[kind] if kind else random.choice(files))
    for _ in range(random.choice((1, 1, 2, 4, 12))):
        random.choice(_MUTATIONS)(content, random, random.choice(files))
        if len(content) < 16:
            break
    return bytes(content)


def _flip(content: bytearray, random: Random, _other: bytes) -> None:
    for _ in range(random.choice((1, 3, 20))):
        content[random.randrange(len(content))] = random.randrange(256)


def _flip_head(content: bytearray, random: Random, _: bytes) -> None:
    content[random.randrange(min(200, len(content)))] = random.randrange(256)


def _length(content: bytearray, random: Random, _: bytes) -> None:
    at = random.randrange(len(content))
    content[at : at + 4] = random.choice(_LENGTHS)


def _cut(content: bytearray, random: Random, _: bytes) -> None:
    del content[random.randrange(len(content)) :]


def _drop(content: bytearray, random: Random, _: bytes) -> None:
    at = random.randrange(len(content))
    del content[at : at + random.randrange(1, 64)]


def _double(content: bytearray, random: Random, _: bytes) -> None:
    at = random.randrange(len(content))
    part = bytes(content[at : at + random.randrange(1, 4_096)])
    content[at:at] = part * random.choice((1, 2, 50))


def _splice(content: bytearray, random: Random, other: bytes) -> None:
    content[random.randrange(len(content)) :] = other[random.randrange(len(other)) :]


def _append(content: bytearray, random: Random, other: bytes) -> None:
    content += random.choice((_SCRIPT, other, b"PK\x05\x06" + bytes(18), bytes(100_000)))


_MUTATIONS: tuple[Callable[[bytearray, Random, bytes], None], ...] = (
    _flip, _flip_head, _length, _cut, _drop, _double, _splice, _append,
)  # fmt: skip


@dataclass
class Trial:
    """What became of mutated files: how many by outcome, how long the slowest took in seconds of
    processor, how often the reader had to be made again, and what was wrong."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    restarts: int = 0
    faults: list[str] = field(default_factory=list)


def try_files(count: int, seed: int, kind: str = "") -> Trial:
    """Read and render so many mutated files, of one kind or any."""
    trial, reader = Trial(), IsolatedReader()
    try:
        reader.read(good_files()["jpeg"])
        for number in range(count):
            _try(trial, reader, mutated(Random(f"{seed}-{number}"), kind), f"{seed}-{number}")
    finally:
        reader.close()
    return trial


def _try(trial: Trial, reader: IsolatedReader, content: bytes, name: str) -> None:
    began, process = _processor_s(reader), reader.process_id
    try:
        record = reader.read(content)
        if record.media_type not in READ:
            trial.faults.append(f"{name}: read as {record.media_type}")
        trial.outcomes["read"] += 1
        shown = reader.render(content, record.media_type, 320)
        trial.outcomes["rendered"] += 1
        if record.media_type.startswith("video/"):
            shown += reader.play(content, record.media_type, 320)
        if not shown.startswith(b"\xff\xd8\xff") or any(part in shown for part in _parts(content)):
            trial.faults.append(f"{name}: served as it came")
    except UnreadableFile:
        trial.outcomes["refused"] += 1
    except Unavailable:
        trial.faults.append(f"{name}: not read in time")
    if reader.process_id != process:
        trial.restarts += 1
        trial.faults.append(f"{name}: ended the reader")
        reader.read(good_files()["jpeg"])
        return
    took = _processor_s(reader) - began
    trial.slowest_s = max(trial.slowest_s, took)
    if took > LONGEST_S:
        trial.faults.append(f"{name}: took {took:.1f} s")


def _parts(content: bytes) -> Iterator[bytes]:
    """Pieces of a file that no other encoding of its pixels holds: not the tables of any JPEG."""
    tables = saved(scene(99, (64, 64)), quality=85)
    for at in range(0, len(content) - _WINDOW, max(1, len(content) // 50)):
        part = content[at : at + _WINDOW]
        if len(set(part)) > 24 and part[:16] not in tables and part[-16:] not in tables:
            yield part


def _processor_s(reader: IsolatedReader) -> float:
    """The processor time of the reader's process so far."""
    fields = Path(f"/proc/{reader.process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--kind", default="", choices=["", *good_files()])
    asked = parser.parse_args()
    began = time.monotonic()
    trial = try_files(asked.count, asked.seed, asked.kind)
    print(f"{asked.count} files in {time.monotonic() - began:.0f} s: {dict(trial.outcomes)}, "
          f"slowest {trial.slowest_s:.2f} s, {trial.restarts} restarts")  # fmt: skip
    for fault in trial.faults:
        print(fault)
    sys.exit(1 if trial.faults or trial.restarts else 0)


if __name__ == "__main__":
    main()
