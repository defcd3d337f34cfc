"""What a reason's wording shows, in Chinese and English: pure, versioned, without a model."""

from risk.text.topics import topics
from risk.text.wording import TEXT_VERSION, Wording, read

__all__ = ["TEXT_VERSION", "Wording", "read", "topics"]
