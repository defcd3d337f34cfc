"""Documents: pages of a PDF drawn as pictures, and what its record says. Nothing in it is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from risk.evidence.patches import joined
from risk.evidence.reading.makers import editor_in, maker_in
from risk.evidence.reading.picture import gray_of, jpeg_of
from risk.evidence.reading.picture_patches import SIDE, patches_of
from risk.evidence.reading.record import FileRecord, UnreadableFile

MOST_PAGES = 500
_READ_PAGES = 3
_LONGEST = 4
"""A page may be so many times as high as it is wide, or the other way round."""
_PATCHES = 40


def read_document(content: bytes) -> FileRecord:
    """What is read of a PDF. Raises UnreadableFile."""
    with _opened(content) as document:
        said = document.get_metadata_dict()
        pages = [
            gray_of(_drawn(document, page, 2 * SIDE))
            for page in range(min(len(document), _READ_PAGES))
        ]
        count = len(document)
    program = " ".join((said.get("Creator", ""), said.get("Producer", ""))).strip()
    dates = [
        match for one in ("CreationDate", "ModDate") if (match := _WRITTEN.match(said.get(one, "")))
    ]
    return FileRecord(
        "application/pdf",
        clock=("zone" if all(map(_names_zone, dates)) else "device") if dates else None,
        made_at=_moment(said.get("CreationDate", "")),
        changed_at=_moment(said.get("ModDate", "")),
        made_by=maker_in({"Software": program}),
        edited_by=editor_in(program),
        fingerprints=joined(patches_of(page, _PATCHES) for page in pages),
        pages=count,
    )


def document_rendering(content: bytes, width: int) -> bytes:
    """The first page of a PDF as JPEG, so wide. Raises UnreadableFile."""
    with _opened(content) as document:
        return jpeg_of(_drawn(document, 0, width), width)


@contextmanager
def _opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        with pypdfium2.PdfDocument(content) as document:
            if pdfium.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0:
                raise UnreadableFile("a PDF without a script in it")
            if pdfium.FPDFDoc_GetAttachmentCount(document.raw) > 0:
                raise UnreadableFile("a PDF without files in it")
            if not 1 <= len(document) <= MOST_PAGES:
                raise UnreadableFile(f"a PDF of 1 to {MOST_PAGES} pages")
            yield document
    except (pypdfium2.PdfiumError, ValueError, OSError) as error:
        raise UnreadableFile("a whole PDF without a password") from error


def _drawn(document: pypdfium2.PdfDocument, number: int, width: int) -> Image.Image:
    page = document[number]
    across, down = page.get_size()
    if not (0 < across < 20_000 and 0 < down < 20_000 and 1 / _LONGEST < across / down < _LONGEST):
        raise UnreadableFile("a PDF with pages of a usual size")
    picture: Image.Image = page.render(scale=width / across, may_draw_forms=False).to_pil()
    return picture


_WRITTEN = re.compile(r"^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:Z|([+-])(\d\d)'?(\d\d))?")


def _names_zone(written: re.Match[str]) -> bool:
    """Whether a date says its zone: an offset, or `Z`."""
    return bool(written[7]) or written[0].endswith("Z")


def _moment(written: str) -> int | None:
    """A date of PDF (ISO 32000, 7.9.4) in ms."""
    found = _WRITTEN.match(written)
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = map(int, found.groups()[:6])
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    ahead = (int(found[8]) * 60 + int(found[9])) * 60_000 if found[7] else 0
    return round(moment.timestamp() * 1000) - (-ahead if found[7] == "-" else ahead)
