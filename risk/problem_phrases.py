"""Sentences about what is wrong, by their codes: one home of their words in both languages.

A `Phrase` is its English sentence, so that it serves wherever a text does, and knows its code and
values, so that a page says it in Chinese. What stores texts keeps it by `kept`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

Words = Mapping[str, str]


class Phrase(str):
    """A sentence in English that knows its code and its values, which may be phrases themselves."""

    __slots__ = ("code", "values")
    code: str
    values: Mapping[str, Any]

    def said(self, language: str) -> str:
        """The sentence in a language; values that are no phrases stay as they are."""
        return say(self.code, self.values, language)


def phrase(code: str, **values: Any) -> Phrase:
    """The sentence of a code. Raises KeyError for an unknown code.

    >>> phrase("at_most_characters", count=5), phrase("flag").said("zh")
    ('at most 5 characters', '是或否')
    """
    made = Phrase(say(code, values, "en"))
    made.code, made.values = code, values
    return made


def say(code: str, values: Mapping[str, Any], language: str) -> str:
    """A sentence by its code, with lists told one after the other."""
    return phrases()[code][language].format(
        **{name: _told(value, language) for name, value in values.items()}
    )


def said(text: str, language: str) -> str:
    """A text in a language where it is a phrase, else as it is."""
    return text.said(language) if isinstance(text, Phrase) else text


def text_of(error: Exception) -> str:
    """What an error says, as the phrase that it was raised with where it was one."""
    return error.args[0] if error.args and isinstance(error.args[0], Phrase) else str(error)


def kept(text: str) -> Any:
    """A text as JSON keeps it, so that `restored` knows its code again."""
    if not isinstance(text, Phrase):
        return text
    values = {name: _kept_value(value) for name, value in text.values.items()}
    return {"code": text.code, "values": values}


def restored(stored: Any) -> str:
    """What `kept` kept; a text that an earlier release stored stays as it is.

    >>> restored(kept(phrase("not_before", field="placed_at"))).said("zh")
    '不早于 placed_at 的时间'
    """
    if isinstance(stored, str):
        return stored
    values = {
        name: restored(value) if isinstance(value, dict) else value
        for name, value in stored["values"].items()
    }
    return phrase(stored["code"], **values)


@lru_cache(maxsize=1)
def phrases() -> dict[str, Words]:
    """Every code with its sentence by language: `code | English | Chinese`, a row a line."""
    rows = files(__package__).joinpath("problem_phrases.txt").read_text("utf-8").splitlines()
    cells = ([cell.strip() for cell in row.split("|")] for row in rows)
    return {code: {"en": en, "zh": zh} for code, en, zh in cells}


def _kept_value(value: Any) -> Any:
    return kept(value) if isinstance(value, str) else value


def _told(value: Any, language: str) -> str:
    if isinstance(value, list | tuple):
        return ("、" if language == "zh" else ", ").join(_told(one, language) for one in value)
    return said(value, language) if isinstance(value, str) else str(value)
