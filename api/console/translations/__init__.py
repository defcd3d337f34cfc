"""Translations of the console's texts: files of `key | English | Chinese`."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from risk.explain.label_table import table
from risk.facts.localised import LocalisedText

PARTS = ("common", "queue", "case", "acts", "overview")


@lru_cache(maxsize=1)
def translations() -> dict[str, LocalisedText]:
    """Every key with its text by language."""
    folder = files(__name__)
    return {
        key: text
        for part in PARTS
        for key, text in table(folder.joinpath(f"{part}.txt").read_text("utf-8")).items()
    }


class _Value(str):
    """A value of a text; `{count:case/cases}` in it is the form of a noun for that count."""

    __slots__ = ()

    def __format__(self, forms: str) -> str:
        if not forms:
            return str(self)
        one, _, many = forms.partition("/")
        return one if self == "1" else many


def translate(key: str, language: str, **values: object) -> str:
    """The text of a key with its values filled in. Raises KeyError for an unknown key.

    >>> [translate("many_done", "en", count=count) for count in (1, 2)]
    ['Done with 1 case.', 'Done with 2 cases.']
    """
    text = translations()[key][language]
    if not values:
        return text
    return text.format(**{name: _Value(value) for name, value in values.items()})
