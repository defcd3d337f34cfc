"""What a reason's wording shows, in Chinese and English: pure, versioned, without a model."""

from risk.text.analysis import TEXT_VERSION, Wording, read
from risk.text.topics import topics

__all__ = ["TEXT_VERSION", "Wording", "read", "topics"]
