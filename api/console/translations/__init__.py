"""Translations of the console's texts: files of `key | English | Chinese`."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from risk.explain.code_labels import table
from risk.facts.localised import LocalisedText

PARTS = ("common", "queue", "case", "overview")


@lru_cache(maxsize=1)
def translations() -> dict[str, LocalisedText]:
    """Every key with its text by language."""
    folder = files(__name__)
    return {
        key: text
        for part in PARTS
        for key, text in table(folder.joinpath(f"{part}.txt").read_text("utf-8")).items()
    }


def translate(key: str, language: str, **values: object) -> str:
    """The text of a key with its values filled in. Raises KeyError for an unknown key."""
    text = translations()[key][language]
    return text.format(**values) if values else text
