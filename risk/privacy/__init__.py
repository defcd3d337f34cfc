"""Forgetting a person, and clearing free text that has served its time."""

from risk.privacy.database_files import scrub
from risk.privacy.fact_tombstones import is_tombstone
from risk.privacy.forgetting import Report, forget, stored_of, through_hooks

__all__ = ["Report", "forget", "is_tombstone", "scrub", "stored_of", "through_hooks"]
