"""Films: a few of their frames, their length, and what their record says."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from risk.evidence.patches import joined
from risk.evidence.reading.film_record import film_record
from risk.evidence.reading.makers import editor_in, maker_in
from risk.evidence.reading.picture import jpeg_of
from risk.evidence.reading.picture_patches import Gray, patches_of
from risk.evidence.reading.record import FileRecord, UnreadableFile

Colours = npt.NDArray[np.uint8]

MOST_PIXELS = 4096 * 2304
LONGEST_S = 30 * 60
_FRAMES = 6
_APART_S = 2.0
_PATCHES = 24
_WIDEST_SHOWN = 640
_SHOWN_S = 0.25
_MOST_SHOWN = 60
_PATIENCE_S = 3.0
"""Seconds of a processor after which the frames decoded so far are what is played."""


def read_film(content: bytes, media_type: str) -> FileRecord:
    """What is read of a film. Raises UnreadableFile."""
    said = film_record(content)
    with _opened(content) as (film, seconds):
        frames = list(_frames(film, seconds))
    if not frames:
        raise UnreadableFile("a film with a frame that can be read")
    return FileRecord(
        media_type,
        made_at=said.made_at,
        changed_at=said.changed_at,
        clock="zone" if said.made_at is not None or said.changed_at is not None else None,
        made_by=maker_in({"Software": said.names, "Make": said.device}),
        edited_by=editor_in(said.names),
        fingerprints=joined(patches_of(frame, _PATCHES) for frame in frames),
        length_s=round(seconds),
    )


def film_rendering(content: bytes, width: int) -> bytes:
    """The first frame of a film as JPEG, at most so wide. Raises UnreadableFile."""
    with _opened(content) as (film, _):
        there, frame = film.read()
        if not there:
            raise UnreadableFile("a film with a frame that can be read")
        return jpeg_of(Image.fromarray(np.ascontiguousarray(frame[:, :, ::-1])), width)


def film_playing(content: bytes, width: int) -> bytes:
    """A film as a moving picture (WebP) without sound or record, at most so wide and never wider
    than `_WIDEST_SHOWN`: some frames a second, further apart in a long one. Raises
    UnreadableFile."""
    began, width = time.process_time(), min(width, _WIDEST_SHOWN)
    shown: list[Image.Image] = []
    with _opened(content) as (film, seconds):
        apart = max(_SHOWN_S, seconds / _MOST_SHOWN)
        for frame in _frames_at(film, apart, seconds):
            picture = Image.fromarray(np.ascontiguousarray(frame[:, :, ::-1]))
            picture.thumbnail((width, 4 * width))
            shown.append(picture)
            if time.process_time() - began > _PATIENCE_S:
                break
    if not shown:
        raise UnreadableFile("a film with a frame that can be read")
    written = io.BytesIO()
    shown[0].save(written, "WEBP", save_all=True, append_images=shown[1:], loop=0, quality=60,
                  method=0, duration=round(1000 * _SHOWN_S))  # fmt: skip
    return written.getvalue()


@contextmanager
def _opened(content: bytes) -> Iterator[tuple[cv2.VideoCapture, float]]:
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    source = io.BytesIO(content)  # OpenCV reads it until the release, and does not hold it
    film = cv2.VideoCapture()
    try:
        if not film.open(source, cv2.CAP_FFMPEG, []):  # type: ignore[call-overload]  # stub lacks streams
            raise UnreadableFile("a whole MP4 or MOV film")
        pixels = film.get(cv2.CAP_PROP_FRAME_WIDTH) * film.get(cv2.CAP_PROP_FRAME_HEIGHT)
        rate, count = film.get(cv2.CAP_PROP_FPS), film.get(cv2.CAP_PROP_FRAME_COUNT)
        if not 256 <= pixels <= MOST_PIXELS:
            raise UnreadableFile(f"a film of at most {MOST_PIXELS // 1_000_000} megapixels")
        seconds = count / rate if rate > 0 and count > 0 else 0.0
        if not 0 < seconds <= LONGEST_S:
            raise UnreadableFile(f"a film of at most {LONGEST_S // 60} minutes")
        yield film, seconds
    except cv2.error as error:
        raise UnreadableFile("a whole MP4 or MOV film") from error
    finally:
        film.release()
        source.close()


def _frames(film: cv2.VideoCapture, seconds: float) -> Iterator[Gray]:
    """A few frames in grey: every two seconds, further apart in a longer film."""
    for frame in _frames_at(film, max(_APART_S, seconds / _FRAMES), seconds):
        yield np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _frames_at(film: cv2.VideoCapture, apart: float, seconds: float) -> Iterator[Colours]:
    """The frames of a film so many seconds apart, as far as they can be read."""
    number = 0
    while number * apart < seconds:
        film.set(cv2.CAP_PROP_POS_MSEC, number * apart * 1000)
        there, frame = film.read()
        if there:
            yield np.asarray(frame, dtype=np.uint8)
        number += 1
