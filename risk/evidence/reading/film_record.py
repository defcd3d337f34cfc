"""What an MP4 or MOV file says of itself, from its boxes (ISO 14496-12); positions are not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from risk.evidence.reading.record import UnreadableFile

_SINCE_1904_S = 2_082_844_800
_MOST_BOXES = 10_000
_TEXT = re.compile(rb"[\x20-\x7e\x80-\xff]{3,100}")


class FilmRecord(NamedTuple):
    """Times in ms, the names of programs, and the device where one is named."""

    made_at: int | None
    changed_at: int | None
    names: str
    device: str


def film_record(content: bytes) -> FilmRecord:
    """The record of a film. Raises UnreadableFile where its boxes do not hold together."""
    view = memoryview(content)
    movie = next((body for name, body in _boxes(view) if name == b"moov"), None)
    if movie is None:
        raise UnreadableFile("a whole MP4 or MOV film")
    made = changed = None
    names, device = "", ""
    for name, body in _boxes(movie):
        if name == b"mvhd":
            made, changed = _times(body)
        elif name in (b"udta", b"meta"):
            names += "\n".join(found.decode("utf-8", "replace") for found in _TEXT.findall(body))
            device = _device(bytes(body)) or device
    return FilmRecord(made, changed, names, device)


def _boxes(view: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    at = 0
    for _ in range(_MOST_BOXES):
        if at + 8 > len(view):
            return
        size, start = int.from_bytes(view[at : at + 4], "big"), 8
        if size == 1:
            size, start = int.from_bytes(view[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(view) - at
        if size < start or at + size > len(view):
            raise UnreadableFile("a whole MP4 or MOV film")
        yield bytes(view[at + 4 : at + 8]), view[at + start : at + size]
        at += size


def _times(header: memoryview) -> tuple[int | None, int | None]:
    wide = 8 if bytes(header[:1]) == b"\x01" else 4
    made, changed = (
        int.from_bytes(header[4 + n * wide : 4 + (n + 1) * wide], "big") for n in (0, 1)
    )
    return _moment(made), _moment(changed)


def _moment(seconds: int) -> int | None:
    since = seconds - _SINCE_1904_S
    return since * 1000 if 631_152_000 < since < 4_102_444_800 else None


def _device(body: bytes) -> str:
    """What a phone's or camera's own keys show it to be."""
    for key in (b"com.apple.quicktime.make", b"com.android.manufacturer", b"\xa9mak"):
        if key in body:
            return key.decode("latin-1")
    return ""
