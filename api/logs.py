"""Logs: one line of JSON an event on standard error, with names and numbers and nobody's data."""

from __future__ import annotations

import sys
import traceback
from typing import Any, BinaryIO

import orjson
import structlog

Log = Any
"""A structlog logger: `log.info(event, **fields)`."""


def make_log(to: BinaryIO | None = None) -> Log:
    """A logger of its own, leaving the process's logging settings alone."""
    return structlog.wrap_logger(
        structlog.BytesLogger(to or sys.stderr.buffer),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        cache_logger_on_first_use=True,
    )


def whereabouts(error: BaseException) -> list[str]:
    """Where an error arose, innermost last, without its message: that may hold what was sent."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
