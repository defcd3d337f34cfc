"""The sentences of a next step with what is asked for, offered or weighed in them."""

from __future__ import annotations

from collections.abc import Sequence

from risk.facts.localised import LANGUAGES, SEMICOLON, LocalisedText
from risk.policy.next_step_sentences import TEXTS


def opened(back_g: float | None, sent_g: float | None) -> LocalisedText:
    """The step for a return that weighs far less than what should come back."""
    weights = ((grams or 0) / 1000 for grams in (back_g, sent_g))
    back, sent = (f"{kilos:.3f}".rstrip("0").rstrip(".") for kilos in weights)
    told: LocalisedText = {
        "en": f"it weighs {back} kg, and {sent} kg should come back",
        "zh": f"退回 {back} kg，应退 {sent} kg",
    }
    return filled(TEXTS["open"], [told])


def filled(text: LocalisedText, items: Sequence[LocalisedText]) -> LocalisedText:
    """A sentence with what is asked for or offered."""
    return {
        language: text[language].format(
            items=SEMICOLON[language].join(item[language] for item in items)
        )
        for language in LANGUAGES
    }
