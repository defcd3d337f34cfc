"""Rule-based analysis of a reason's free text, Chinese and English: pure and versioned."""

from risk.text.analysis import TEXT_VERSION, TextAnalysis, analyse
from risk.text.topics import topics

__all__ = ["TEXT_VERSION", "TextAnalysis", "analyse", "topics"]
