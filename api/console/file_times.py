"""The times that a file says of itself, in words: a moment, or what a device's own clock showed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api.console.localisation import Locale
from api.console.translations import translate

OWN = {"file_made_at": "file_made_at_own", "file_changed_at": "file_changed_at_own"}


def file_time(locale: Locale, key: str, file: Mapping[str, Any], at: int) -> str:
    """A sentence with a time of a file (ms). One without a zone is shown as it is written: moved to
    the reader's zone it would be another. Pictures that earlier releases read kept no zone."""
    clock = file["clock"] or ("device" if file["media_type"].startswith("image/") else "zone")
    if clock == "zone":
        return translate(key, locale.language, time=locale.time(at))
    written = replace(locale, zone="UTC").time(at)
    return translate(OWN[key], locale.language, time=written)
