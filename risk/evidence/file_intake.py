"""Taking in a file of evidence: checked, read, kept, and a fact of what was read.

Reading, comparing and keeping are done before the store's lock is taken; only rows are written
under it.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import Any

from risk.errors import (
    BadInput,
    Conflict,
    NotFound,
    Problem,
    RefundRiskError,
    UnsupportedMediaType,
)
from risk.evidence.file_cipher import EncryptedFile, FileCipher
from risk.evidence.file_rows import (
    Row,
    is_of,
    keep_file,
    kept_file,
    stored_file,
    waiting_file,
)
from risk.evidence.isolated_reader import IsolatedReader
from risk.evidence.nearness import NearFiles, compare, put_in_index, settle
from risk.evidence.object_store import ObjectStore, open_object_store
from risk.evidence.reading.media_type import READ
from risk.evidence.reading.record import FileRecord, UnreadableFile
from risk.facts import FILES, MAX_ID
from risk.facts.parse import reader_of
from risk.facts.parse_columns import Columns
from risk.history.connection.connect import Write
from risk.history.facts.fact_columns import to_stored_columns
from risk.history.intake import ParsedFacts
from risk.history.store import History
from risk.history.tenants.caller import ANYONE, Caller
from risk.history.tenants.shared_ids import locate_evidence
from risk.settings import FILE_MEGABYTES, Settings


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent. `media_type` is what the sender calls it; empty: nothing.

    `known_at` (ms) is None for what becomes known now; `import_no` is the import it is part of.
    """

    evidence_id: str
    content: bytes
    media_type: str = ""
    revision: int = 1
    known_at: int | None = None
    import_no: int | None = None


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What was read of a file, by the names of the fields of `files`; `new`: not known before."""

    read: Row
    new: bool


class EvidenceFiles:
    """Takes in files of evidence and gives them back to be shown."""

    def __init__(
        self, history: History, objects: ObjectStore, megabytes: int = FILE_MEGABYTES
    ) -> None:
        """`megabytes` is how large a file may be; `largest` is the same in bytes."""
        self._history = history
        self._objects = objects
        self.largest = megabytes << 20
        self._reader = IsolatedReader()
        self._cipher = FileCipher(history.envelope_key)

    @classmethod
    def open(cls, history: History, settings: Settings) -> EvidenceFiles:
        """With the store of the settings. Raises ValueError where its URL names none."""
        return cls(history, open_object_store(settings.files_url), settings.file_megabytes)

    def take(
        self,
        upload: Upload,
        caller: Caller = ANYONE,
        *,
        who: str = "",
        record: FileRecord | None = None,
    ) -> TakenFile:
        """Take in a file; the same bytes again change nothing and are not read again.

        `record` is what was read of it, where it was read before.

        Raises BadInput for what cannot be read, UnsupportedMediaType, Conflict for other bytes
        under the same revision, and Forbidden for evidence of another merchant.
        """
        self._check(upload)
        digest = self._cipher.digest(upload.content)
        known = self._known(upload, digest, caller)
        if known is not None:
            return TakenFile(_shown(known, upload), new=False)
        record = record or self.read(upload)
        parsed = _columns(upload, record, digest)
        compared = self._compare(parsed)
        encrypted = self._cipher.encrypt(upload.content, digest)
        name = f"{digest[:2]}/{digest}.{secrets.token_hex(8)}"
        kept = {
            "digest": digest, "object": name, "wrapped_key": encrypted.wrapped_key,
            "media_type": record.media_type, "size": len(upload.content),
        }  # fmt: skip
        self._objects.put(name, encrypted.content)
        try:
            with self._history.write() as write:
                write.who = who
                if upload.import_no is not None:
                    write.sign(upload.import_no)
                new = self._store(write, parsed, compared, caller)
                used = new and keep_file(write, kept)
        except RefundRiskError:
            self._objects.delete(name)
            raise
        if not used:
            self._objects.delete(name)
        return TakenFile(_shown({n: v[0] for n, v in parsed.items()}, upload), new)

    def _known(self, upload: Upload, digest: str, caller: Caller) -> Row | None:
        """The stored fact of the same file. Raises Conflict where other bytes are stored."""
        with self._history.read() as connection:
            internal = locate_evidence(connection, caller, upload.evidence_id)
            row = None
            if internal is not None and is_of(connection, caller, internal):
                row = stored_file(connection, self._fact_key(internal), upload.revision)
            if row is None and caller.merchants:
                key = self._fact_key(upload.evidence_id)
                row = waiting_file(connection, key, upload.revision, caller)
        if row is not None and row["digest"] not in (digest, None):
            raise Conflict(
                f"files: evidence_id={upload.evidence_id} is stored with other bytes: another file "
                "is sent under a higher revision"
            )
        return row

    def _fact_key(self, evidence_id: str) -> int:
        """The key of the fact of a file; of somebody forgotten the one it has now."""
        parsed: Columns = {field.name: [field.default] for field in FILES.fields}
        columns = to_stored_columns(
            FILES, {**parsed, "evidence_id": [evidence_id]}, self._history.hasher
        )
        return int(columns["fact_key"][0])

    def read(self, upload: Upload) -> FileRecord:
        """What is read of a file, which is not stored. Raises BadInput, UnsupportedMediaType."""
        self._check(upload)
        try:
            record = self._reader.read(upload.content)
        except UnreadableFile as unreadable:
            raise BadInput([Problem("file", None, None, unreadable.cause)]) from None
        if upload.media_type not in ("", record.media_type):
            raise UnsupportedMediaType(f"it is {record.media_type} by its content")
        return record

    def _compare(self, parsed: Columns) -> NearFiles:
        columns = to_stored_columns(FILES, parsed, self._history.hasher)
        with self._history.read() as connection:
            return compare(connection, columns)

    def _store(self, write: Write, parsed: Columns, compared: NearFiles, caller: Caller) -> bool:
        """Store the fact; False where nothing was new, or it is about somebody who is forgotten."""
        hasher = self._history.hasher
        columns = to_stored_columns(FILES, parsed, hasher)
        dated = (parsed["known_at"][0] is not None,)
        settle(write, columns, compared)
        facts = ParsedFacts(FILES.name, columns, dated, parsed, hasher)
        new = facts.store(write, caller).new > 0
        if new:
            put_in_index(write, columns)
        return new

    def rendered(self, evidence_id: str, width: int, *, playing: bool = False) -> bytes:
        """A picture of the file of an item of evidence, encoded anew as JPEG: never the file
        itself. Of a film, where it is to be `playing`, a moving one (WebP).

        Raises NotFound where there is no file, or not any more.
        """
        with self._history.read() as connection:
            kept = kept_file(connection, evidence_id)
        if kept is None:
            raise NotFound(f"no file of evidence {evidence_id}")
        encrypted = EncryptedFile(self._objects.get(kept["object"]), kept["wrapped_key"])
        content = self._cipher.decrypt(encrypted, kept["digest"])
        try:
            show = self._reader.render
            if playing and kept["media_type"].startswith("video/"):
                show = self._reader.play
            return show(content, kept["media_type"], width)
        except UnreadableFile:
            raise NotFound(f"the file of evidence {evidence_id} cannot be shown") from None

    def _check(self, upload: Upload) -> None:
        """Raises BadInput for an id that is none and for a file too large, UnsupportedMediaType for
        a type not taken in."""
        try:
            reader_of(FILES.field("evidence_id"))(upload.evidence_id)
        except ValueError as error:
            raise BadInput([Problem("path", None, "evidence_id", str(error))]) from None
        if len(upload.content) > self.largest:
            expected = f"a file of at most {self.largest >> 20} megabytes"
            raise BadInput([Problem("file", None, None, expected)])
        if upload.media_type and upload.media_type not in READ:
            raise UnsupportedMediaType("send one of " + ", ".join(READ))

    def close(self) -> None:
        """End the process that reads."""
        self._reader.close()


def _columns(upload: Upload, record: FileRecord, digest: str) -> Columns:
    """The fact of a file as parsed columns of one row."""
    read = {**asdict(record), "evidence_id": upload.evidence_id, "digest": digest}
    read |= {"revision": upload.revision, "known_at": upload.known_at}
    parsed: Columns = {field.name: [read[field.name]] for field in FILES.fields}
    parsed["edited_by"] = [_short(record.edited_by)]
    return parsed


def _short(text: str | None) -> str | None:
    """A text that a file brings, as far as it is printable and fits a field."""
    shown = "".join(c for c in text or "" if c.isprintable())[:MAX_ID].strip()
    return shown or None


def _shown(row: Row, upload: Upload) -> dict[str, Any]:
    shown = {field.name: row[field.name] for field in FILES.fields if field.name != "known_at"}
    return {**shown, "evidence_id": upload.evidence_id}
