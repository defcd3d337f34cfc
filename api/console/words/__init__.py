"""Every word of the console's own, in English and Chinese, by key."""

from __future__ import annotations

from api.console.words import case, frame, overview, queue

WORDS: dict[str, dict[str, str]] = {**frame.WORDS, **queue.WORDS, **case.WORDS, **overview.WORDS}


def word(key: str, language: str, **values: object) -> str:
    """The words under a key, filled in. Raises KeyError for a key that does not exist."""
    said = WORDS[key][language]
    return said.format(**values) if values else said
