"""What a file is by its bytes, and whether it is something else besides."""

from __future__ import annotations

import io
import re
import zipfile

from risk.evidence.reading.record import UnreadableFile

READ = (
    "image/jpeg", "image/png", "image/webp", "image/heic",
    "application/pdf", "video/mp4", "video/quicktime",
)  # fmt: skip
"""The media types that are read."""

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_MP4 = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"3gp4",
        b"3gp5", b"3gp6", b"mmp4", b"dash", b"MSNV"}  # fmt: skip

_SCRIPT = re.compile(
    rb"<(script|iframe|!doctype)\b|<(html[\s/>]|\?php\s)|<svg[\s/>][\t\n\r\x20-\x7e]{6}",
    re.IGNORECASE,
)
"""What begins a script or a page. The pixels of one photo in two hundred hold `<svg` by chance:
text must follow it."""


def media_type(content: bytes) -> str:
    """The media type by content. Raises UnreadableFile for one that is not read, and for a file
    that other programs would read as something else."""
    found = _by_start(content)
    if found is None:
        raise UnreadableFile("a JPEG, PNG, WebP, HEIC, PDF, MP4 or MOV file")
    if _is_archive(content):
        raise UnreadableFile(f"{found} alone, not an archive too")
    if found != "application/pdf":
        if b"%PDF-" in content[:1024]:
            raise UnreadableFile(f"{found} alone, not a PDF too")
        if _SCRIPT.search(content):
            raise UnreadableFile(f"{found} without a script or page in it")
    return found


def _by_start(content: bytes) -> str | None:
    for start, found in _STARTS:
        if content.startswith(start):
            return found
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return _by_brand(content) if content[4:8] == b"ftyp" else None


def _by_brand(content: bytes) -> str | None:
    size = int.from_bytes(content[:4], "big")
    named = content[8 : min(size, 128)]
    brands = [named[at : at + 4] for at in (0, *range(8, len(named), 4))]
    if brands[0] == b"qt  ":
        return "video/quicktime"
    if brands[0] in _HEIC or (brands[0] in (b"mif1", b"msf1") and _HEIC & set(brands)):
        return "image/heic"
    return "video/mp4" if _MP4 & set(brands) else None


def _is_archive(content: bytes) -> bool:
    if b"PK\x05\x06" not in content[-66_000:]:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return bool(archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
