"""Privacy: the right to erasure (forget a customer), and retention of free text."""

from risk.privacy.database_files import compact_files
from risk.privacy.fact_tombstones import is_tombstone
from risk.privacy.forgetting import (
    ForgetReport,
    count_stored,
    forget,
    last_erasure,
    webhook_ids_of,
)

__all__ = [
    "ForgetReport",
    "compact_files",
    "count_stored",
    "forget",
    "is_tombstone",
    "last_erasure",
    "webhook_ids_of",
]
