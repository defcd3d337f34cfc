"""Spans of OpenTelemetry around the steps of a call, for whoever traces it.

Where no trace is going on in the present context nothing is recorded, and nothing is paid for but
one read of the context. No span holds what was sent, nor the text of an error.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from opentelemetry.trace import INVALID_SPAN, get_current_span, get_tracer

T = TypeVar("T")
R = TypeVar("R")
NAME = "refund-risk"
_TRACER = get_tracer(NAME)
_NOTHING: AbstractContextManager[object] = nullcontext()


def span(name: str) -> AbstractContextManager[object]:
    """A span around a block, the parent of those inside it."""
    if get_current_span() is INVALID_SPAN:
        return _NOTHING
    return _TRACER.start_as_current_span(
        name, record_exception=False, set_status_on_exception=False
    )


def spanned(name: str, work: Callable[[T], R]) -> Callable[[T], R]:
    """The work, with a span around it."""

    def within(given: T) -> R:
        with span(name):
            return work(given)

    return within


def span_since(name: str, began_ns: int) -> None:
    """A span of something that began at `began_ns` (since the epoch) and ends now."""
    if get_current_span() is not INVALID_SPAN:
        _TRACER.start_span(name, start_time=began_ns).end()
