"""Text in the product's languages."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

LocalisedText = dict[str, str]
"""One text in every language: language code → text."""

COMMA: LocalisedText = {"en": ", ", "zh": "，"}
"""Between the clauses of a sentence."""

LISTED: LocalisedText = {"en": ", ", "zh": "、"}
"""Between the items of a list."""

OR: LocalisedText = {"en": " or ", "zh": "或"}
COLON: LocalisedText = {"en": ": ", "zh": "："}
SEMICOLON: LocalisedText = {"en": "; ", "zh": "；"}

STOP: LocalisedText = {"en": ". ", "zh": "。"}
"""Between sentences that have no stop of their own."""

BETWEEN: LocalisedText = {"en": " ", "zh": ""}
"""Between whole sentences."""
