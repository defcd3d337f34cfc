"""What was read of a file of evidence, as a call answers it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.schemas.common import Time
from risk.facts import FILES
from risk.facts.format import iso

EXAMPLE = {
    "evidence_id": "E-1", "revision": 1, "digest": "9f86d081884c7d65", "media_type": "image/jpeg",
    "made_at": "2026-03-05T09:50:00.000+00:00", "changed_at": None, "made_by": "camera",
    "edited_by": None, "credentials": "none", "fingerprints": None, "length_s": None,
    "pages": None, "clock": "device", "reader": "3",
}  # fmt: skip


def _doc(name: str) -> Any:
    return Field(description=FILES.field(name).doc)


class EvidenceFile(BaseModel):
    """What was read of a file. Nothing of it is proof, and what is empty says nothing."""

    evidence_id: Annotated[str, _doc("evidence_id")]
    revision: Annotated[int, _doc("revision")]
    digest: Annotated[str | None, _doc("digest")]
    media_type: Annotated[str, _doc("media_type")]
    made_at: Annotated[Time | None, _doc("made_at")]
    changed_at: Annotated[Time | None, _doc("changed_at")]
    made_by: Annotated[str | None, _doc("made_by")]
    edited_by: Annotated[str | None, _doc("edited_by")]
    credentials: Annotated[str | None, _doc("credentials")]
    fingerprints: Annotated[str | None, _doc("fingerprints")]
    length_s: Annotated[int | None, _doc("length_s")]
    pages: Annotated[int | None, _doc("pages")]
    clock: Annotated[str | None, _doc("clock")]
    reader: Annotated[str, _doc("reader")]

    @classmethod
    def of(cls, read: dict[str, Any]) -> EvidenceFile:
        """The answer from the stored fields."""
        times = {f.name for f in FILES.fields if f.type == "time"}
        shown = {
            name: iso(value) if name in times and value is not None else value
            for name, value in read.items()
        }
        return cls.model_validate(shown)
