"""Files that a reviewer adds to a case: each becomes an item of evidence with its file."""

from __future__ import annotations

from hashlib import blake2b

from risk.evidence.file_intake import EvidenceFiles, Upload
from risk.evidence.file_rows import is_stored
from risk.facts import EVIDENCE
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.store import History
from risk.history.tenants.caller import CONSOLE

SUBMITTERS = EVIDENCE.field("submitted_by").choices


def add_to_case(
    files: EvidenceFiles,
    history: History,
    refund_id: str,
    content: bytes,
    submitted_by: str,
    *,
    who: str,
) -> str:
    """Take in a file and state it as evidence of a request; answers the item's id. The same file
    added again changes nothing. Raises as `EvidenceFiles.take` does."""
    evidence_id = _id(refund_id, content)
    taken = files.take(Upload(evidence_id, content), CONSOLE, who=who)
    with history.read() as connection:
        known = is_stored(connection, evidence_id)
    if not known:
        stated = {
            "evidence_id": evidence_id, "refund_id": refund_id, "submitted_at": iso(now_ms()),
            "kind": kind_of(taken.read["media_type"]), "submitted_by": submitted_by,
        }  # fmt: skip
        ingest(history, EVIDENCE.name, [stated], who=who, caller=CONSOLE)
    return evidence_id


def kind_of(media_type: str) -> str:
    """The kind of evidence that a file of this type is."""
    kinds = {"image": "photo", "video": "video"}
    return kinds.get(media_type.partition("/")[0], "document")


def _id(refund_id: str, content: bytes) -> str:
    digest = blake2b(content, key=blake2b(refund_id.encode()).digest(), digest_size=12)
    return f"console-{digest.hexdigest()}"
