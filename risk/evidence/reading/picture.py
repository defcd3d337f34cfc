"""Pictures: opening them within bounds, their pixels, and what their own record says."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pi_heif
from PIL import ExifTags, Image, ImageOps

from risk.evidence.reading.heif_items import check_items
from risk.evidence.reading.makers import editor_in, maker_in, programs_in_xmp
from risk.evidence.reading.picture_patches import Gray, flat_share, patches_of, scaled
from risk.evidence.reading.record import FileRecord, Maker, UnreadableFile

MOST_PIXELS = 120_000_000
"""Of a picture; of one that cannot be decoded at less than its whole size, half."""

LONGEST_SIDE = 30_000

_PLUGINS = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/webp": ("WEBP",),
    "image/heic": ("HEIF",),
}
_ENOUGH = 1024
"""A JPEG is decoded at the least size that is still so many pixels wide."""
_DRAWN = 0.75
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, ArithmeticError,
           RuntimeError, Image.DecompressionBombError)  # fmt: skip


def read_picture(content: bytes, media_type: str) -> FileRecord:
    """What is read of a picture. Raises UnreadableFile."""
    with opened(content, media_type) as picture:
        said = _said(picture)
        gray = gray_of(picture)
    made_by = _made_by(said, gray)
    zone = next((said[name] for name in _ZONES if _ZONE.match(str(said.get(name, "")))), "")
    made_at = _moment(said, "DateTimeOriginal", said.get("OffsetTimeOriginal") or zone)
    changed_at = _moment(said, "DateTime", said.get("OffsetTime") or zone)
    timed = made_at is not None or changed_at is not None
    return FileRecord(
        media_type,
        made_at=made_at,
        changed_at=changed_at,
        clock=("zone" if zone else "device") if timed else None,
        made_by=made_by,
        edited_by=editor_in(str(said.get("Software", "")), programs_in_xmp(said.get("xmp", ""))),
        fingerprints=patches_of(gray).encoded(),
    )


def picture_rendering(content: bytes, media_type: str, width: int) -> bytes:
    """A picture without its record, as JPEG, at most so wide. Raises UnreadableFile."""
    with opened(content, media_type, enough=width) as picture:
        return jpeg_of(upright(picture), width)


def jpeg_of(picture: Image.Image, width: int) -> bytes:
    """A picture as JPEG, at most so wide and four times as high, on white where it is clear."""
    picture.thumbnail((width, 4 * width))
    if "A" in picture.getbands() or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        picture = Image.new("RGB", clear.size, "white")
        picture.paste(clear, mask=clear.getchannel("A"))
    written = io.BytesIO()
    Image.fromarray(np.asarray(picture.convert("RGB"))).save(written, "JPEG", quality=85)
    return written.getvalue()


def gray_of(picture: Image.Image) -> Gray:
    """The grey pixels of a picture, upright, no larger than is needed."""
    picture = upright(picture)
    picture.thumbnail((_ENOUGH, _ENOUGH))
    if "A" in picture.getbands() or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return np.asarray(picture.convert("L"))


def upright(picture: Image.Image) -> Image.Image:
    """The picture as its record says it is held."""
    return ImageOps.exif_transpose(picture)


@contextmanager
def opened(content: bytes, media_type: str, *, enough: int = _ENOUGH) -> Iterator[Image.Image]:
    """A picture within bounds, decoded. Whatever its decoder raises is an UnreadableFile."""
    if media_type == "image/heic":
        check_items(content)
        pi_heif.register_heif_opener(thumbnails=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=_PLUGINS[media_type]) as picture:
                _bound(picture)
                picture.draft("RGB" if picture.mode == "RGB" else None, (enough, enough))
                picture.load()
                yield picture
    except UnreadableFile:
        raise
    except _BROKEN as error:
        raise UnreadableFile(f"a whole {media_type} ({type(error).__name__})") from error


def _bound(picture: Image.Image) -> None:
    width, height = picture.size
    most = MOST_PIXELS if picture.format in ("JPEG", "MPO") else MOST_PIXELS // 2
    if width * height > most or max(width, height) > LONGEST_SIDE:
        raise UnreadableFile(f"a picture of at most {most // 1_000_000} megapixels")
    if min(width, height) < 16:
        raise UnreadableFile("a picture of at least 16 pixels a side")


def _said(picture: Image.Image) -> dict[str, Any]:
    """What the record of a picture says, by the names of Exif; positions are never read."""
    exif = picture.getexif()
    known = {**dict(exif), **dict(exif.get_ifd(ExifTags.IFD.Exif))}
    said: dict[str, Any] = {ExifTags.TAGS.get(tag, str(tag)): v for tag, v in known.items()}
    for name in ("Software", "parameters", "prompt", "workflow", "xmp", "XML:com.adobe.xmp"):
        value = picture.info.get(name)
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if isinstance(value, str):
            said.setdefault("xmp" if "xmp" in name else name, value)
    return said


def _made_by(said: dict[str, Any], gray: Gray) -> Maker:
    found = maker_in(said)
    if found == "unknown" and flat_share(scaled(gray)) > _DRAWN:
        return "screen"
    return found


_WRITTEN = re.compile(r"^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")
_ZONES = ("OffsetTimeOriginal", "OffsetTime", "OffsetTimeDigitized")
_ZONE = re.compile(r"^([+-])(\d\d):(\d\d)$")


def _moment(said: dict[str, Any], name: str, offset: object) -> int | None:
    """A time of Exif in ms; one without a zone is read as UTC, since cameras keep local time and
    whoever compares grants two days."""
    written = _WRITTEN.match(str(said.get(name, "")))
    if written is None:
        return None
    try:
        year, month, day, hour, minute, second = map(int, written.groups())
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    if moment.year < 1990:
        return None
    zone = _ZONE.match(str(offset))
    ahead = (int(zone[2]) * 60 + int(zone[3])) * 60_000 if zone else 0
    return round(moment.timestamp() * 1000) - (-ahead if zone and zone[1] == "-" else ahead)
