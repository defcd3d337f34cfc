"""Text in the product's languages."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

LocalisedText = dict[str, str]
"""One text in every language: language code → text."""
