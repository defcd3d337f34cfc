"""What the store's driver raises when the store is gone, full, locked or out of connections."""

from sqlalchemy import exc

UNREACHABLE: tuple[type[Exception], ...] = (
    exc.InterfaceError,
    exc.OperationalError,
    exc.TimeoutError,
)
"""Errors that say nothing of the call and may be gone with the next one."""
