"""Content credentials (C2PA) of a file, verified offline.

Verified is that they are whole and belong to this file, not who signed them: without anchors that
somebody chose to trust, a signer is a name that anybody can take.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import c2pa
import orjson

from risk.evidence.reading.record import Credentials, FileRecord, Maker

_SETTINGS = {"verify": {"verify_trust": False, "remote_manifest_fetch": False, "ocsp_fetch": False}}
_WITHOUT = ("application/pdf",)
_SOURCE = "/digitalsourcetype/"
_MADE_BY: Mapping[str, Maker] = {
    "trainedAlgorithmicMedia": "generator",
    "digitalCapture": "camera",
    "computationalCapture": "camera",
    "screenCapture": "screen",
}


def with_credentials(record: FileRecord, content: bytes) -> FileRecord:
    """The record with what the file's content credentials say.

    A generator counts together with intact credentials only where these say so themselves.
    """
    credentials, made_by = _verified(content, record.media_type)
    if credentials != "intact":
        return replace(record, credentials=credentials)
    claimed = "unknown" if record.made_by == "generator" else record.made_by
    return replace(record, credentials=credentials, made_by=made_by or claimed)


def _verified(content: bytes, media_type: str) -> tuple[Credentials, Maker | None]:
    if media_type in _WITHOUT or b"c2pa" not in content:
        return "none", None
    try:
        with (
            c2pa.Context.from_dict(_SETTINGS) as context,
            c2pa.Reader(media_type, io.BytesIO(content), context=context) as reader,
        ):
            found: dict[str, Any] = orjson.loads(reader.json())
    except c2pa.C2paError.ManifestNotFound:
        return "none", None
    except c2pa.C2paError:
        return "broken", None
    whole = found.get("validation_state") in ("Valid", "Trusted")
    return ("intact", _origin(found)) if whole else ("broken", None)


def _origin(found: Mapping[str, Any]) -> Maker | None:
    """What made all of a file, by its manifests and those of everything it was made from; None
    where they differ or are silent."""
    manifests: list[Mapping[str, Any]] = list(found.get("manifests", {}).values())
    parts = [part for manifest in manifests for part in manifest.get("ingredients", ())]
    if any(not part.get("active_manifest") for part in parts):
        return None
    sources = {source for manifest in manifests for source in _sources(manifest)}
    return _MADE_BY.get(sources.pop()) if len(sources) == 1 else None


def _sources(manifest: Mapping[str, Any]) -> Iterator[str]:
    for assertion in manifest.get("assertions", ()):
        if str(assertion.get("label", "")).startswith("c2pa.actions"):
            for action in assertion["data"].get("actions", ()):
                source = str(action.get("digitalSourceType", ""))
                if _SOURCE in source:
                    yield source.rpartition("/")[2]
