"""Every word of the console's own, in English and Chinese, by key: `key | English | Chinese`."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from risk.explain.code_labels import table
from risk.facts.localised import LocalisedText

PARTS = ("frame", "queue", "case", "overview")


@lru_cache(maxsize=1)
def all_words() -> dict[str, LocalisedText]:
    """Every key with its words by language."""
    folder = files(__name__)
    return {
        key: words
        for part in PARTS
        for key, words in table(folder.joinpath(f"{part}.txt").read_text("utf-8")).items()
    }


def word(key: str, language: str, **values: object) -> str:
    """The words under a key, filled in. Raises KeyError for a key that does not exist."""
    said = all_words()[key][language]
    return said.format(**values) if values else said
