"""What was read of a file, and why a file was not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from risk.errors import Malformed

READER = "3"
"""The version of everything in this package: raised whenever a record would come out otherwise.

Records that were stored stay as they were read, and decisions replay with them; a file that is sent
again under a higher revision is read anew."""

Maker = Literal["camera", "scanner", "screen", "generator", "unknown"]
Credentials = Literal["none", "intact", "broken"]
Clock = Literal["zone", "device"]


class UnreadableFile(Malformed):
    """A file that is broken, hostile or of no kind that is read; `cause` says what was expected."""

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(f"expected {cause}")


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What was read of a file; times in ms. What it says of itself is evidence, never proof.

    `clock` is `device` where its times are written without their zone: they are no moments, but
    what the device's own clock showed, read as if that were UTC.
    """

    media_type: str
    reader: str = READER
    made_at: int | None = None
    changed_at: int | None = None
    made_by: Maker = "unknown"
    edited_by: str | None = None
    credentials: Credentials = "none"
    fingerprints: str | None = None
    length_s: int | None = None
    pages: int | None = None
    clock: Clock | None = None
