"""The errors of a database driver when the store is down, full, locked or out of connections."""

from sqlalchemy import exc

UNREACHABLE: tuple[type[Exception], ...] = (
    exc.InterfaceError,
    exc.OperationalError,
    exc.TimeoutError,
)
"""Temporary errors of the store, not of the call: a retry may succeed."""
