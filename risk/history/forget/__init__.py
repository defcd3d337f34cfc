"""Forgetting a person: the one permitted mutation of the store."""

from risk.history.forget.facts import is_tombstone
from risk.history.forget.files import scrub
from risk.history.forget.forgetting import Report, forget, stored_of, through_hooks

__all__ = ["Report", "forget", "is_tombstone", "scrub", "stored_of", "through_hooks"]
