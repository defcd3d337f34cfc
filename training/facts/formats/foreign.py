"""Whether a file is written as the contract wants it; if not, what it looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training.facts.formats.csv_file import header_of, open_bytes
from training.facts.formats.parquet_file import parquet_header
from training.facts.formats.raw_rows import Layout
from training.facts.formats.text_layout import SEPARATORS, encoding_of, separator_of
from training.facts.formats.xlsx_file import xlsx_header

SAMPLE = 1 << 16
FOREIGN = 0.1
"""From such a share of undecodable lines on, a file is in another encoding; fewer are bad rows."""

MAPPING = "(`refund-risk mapping guess DIR` writes a mapping to import it with)"


@dataclass(frozen=True, slots=True)
class Look:
    """How a file should be written, and how this one seems to be."""

    expected: str
    got: str


def header_columns(path: Path, layout: Layout) -> tuple[list[str], int | None]:
    """The names of a file's columns and, where the file says so, the number of its rows."""
    if path.suffix == ".parquet":
        return parquet_header(path)
    if path.suffix == ".xlsx":
        return xlsx_header(path, layout), None
    return header_of(path, layout).cells, None


def sample_of(path: Path) -> bytes:
    """The beginning of a text file, in whole lines where it has any."""
    with open_bytes(path) as file:
        raw = file.read(SAMPLE)
    if len(raw) < SAMPLE or b"\n" not in raw:
        return raw
    end = raw.rindex(b"\n") + 1
    return raw[: end + end % 2]


def foreign_look(path: Path, layout: Layout, missing: Sequence[str]) -> Look | None:
    """What a text file looks like that is not written as its layout says; None: as it should be.

    `missing` are the columns without which it cannot be read.
    """
    if path.suffix in (".parquet", ".xlsx"):
        return None
    raw = sample_of(path)
    if _is_other_encoding(raw, layout.encoding):
        found = encoding_of(raw) or "no text"
        return Look(f"text in {layout.encoding.upper()}", f"what looks like {found} {MAPPING}")
    if not missing:
        return None
    text = raw.decode(layout.encoding, "replace").splitlines()
    found = separator_of(text[layout.skip]) if len(text) > layout.skip else layout.separator
    if found == layout.separator:
        return None
    looks = f"what looks separated by {SEPARATORS.get(found, found)}"
    by = SEPARATORS.get(layout.separator, layout.separator)
    return Look(f"columns separated by {by}", f"{looks} {MAPPING}")


def _is_other_encoding(raw: bytes, encoding: str) -> bool:
    """Whether the header, or more than a few lines, are no text in this encoding."""
    found, wide = encoding_of(raw), ("utf-16", "utf-32")
    if encoding.lower().startswith(wide) or found.lower().startswith(wide):
        return encoding.lower()[:6] != found.lower()[:6]
    lines = raw.splitlines()
    bad = [number for number, line in enumerate(lines) if not _decodes(line, encoding)]
    return bool(bad) and (bad[0] == 0 or len(bad) > max(1, FOREIGN * len(lines)))


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
