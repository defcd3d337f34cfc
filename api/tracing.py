"""Traces: where a caller sends one, the pieces of the call continue it, to a collector by OTLP.

Without a collector in the environment (`OTEL_EXPORTER_OTLP_ENDPOINT`, and the other variables
OpenTelemetry knows) calls go another way than through here; without a `traceparent` nothing is
recorded. No span says anything that was sent, nor what an error says.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import (
    Span,
    SpanKind,
    Tracer,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from api.limits import Limits
from api.thread_pool import Pool
from risk.decisions.decide import Decider, Floats, Looked
from risk.decisions.judge import Judged
from risk.history.connect import Write
from risk.history.store import History
from risk.model import Scored

COLLECTORS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
NAME = "refund-risk"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Trace:
    """The piece a call is in: what draws spans, and the context that the next is a child of."""

    tracer: Tracer
    context: Context

    @contextmanager
    def span(self, name: str, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[Span]:
        """A span around the block, in which pieces are its children."""

        span = self.tracer.start_span(name, self.context, kind)
        inner = _here.set(Trace(self.tracer, set_span_in_context(span, self.context)))
        try:
            yield span
        finally:
            _here.reset(inner)
            span.end()


_here: ContextVar[Trace | None] = ContextVar("trace", default=None)


@contextmanager
def piece(name: str) -> Iterator[None]:
    """A named piece of the call that is traced here; nothing where none is."""
    trace = _here.get()
    if trace is None:
        yield
        return
    with trace.span(name):
        yield


@dataclass(frozen=True, slots=True)
class Tracing:
    """Continues callers' traces, and sends what was recorded in the background."""

    provider: TracerProvider
    propagator: TraceContextTextMapPropagator

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Tracing | None:
        """Tracing to the environment's collector; None where it names none."""
        env = os.environ if environ is None else environ
        if not any(env.get(name) for name in COLLECTORS):
            return None

        named = Resource.create({"service.name": env.get("OTEL_SERVICE_NAME") or NAME})
        provider = TracerProvider(resource=named)
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        return cls(provider, TraceContextTextMapPropagator())

    @contextmanager
    def call(self, headers: Mapping[str, str]) -> Iterator[Span | None]:
        """A span for a call whose headers carry a trace; the span, or None without one."""

        context = self.propagator.extract(headers)
        if not get_current_span(context).get_span_context().is_valid:
            yield None
            return
        trace = Trace(self.provider.get_tracer(NAME), context)
        with trace.span("call", SpanKind.SERVER) as span:
            yield span

    def close(self) -> None:
        """Send what is left."""
        self.provider.shutdown()


class TracedPool(Pool):
    """A pool that tells how long work waited for a thread and how long it took."""

    async def run(self, work: Callable[[], T]) -> T:
        trace = _here.get()
        if trace is None:
            return await super().run(work)
        waiting = trace.tracer.start_span("wait", trace.context)

        def traced() -> T:
            waiting.end()
            outer = _here.set(trace)
            try:
                with piece("work"):
                    return work()
            finally:
                _here.reset(outer)

        return await super().run(traced)


def _untraced(work: Callable[[Write], T], write: Write) -> T:
    """Work for a call without a trace, done in the turn of one that has one."""
    outer = _here.set(None)
    try:
        return work(write)
    finally:
        _here.reset(outer)


class TracedHistory(History):
    """A store that tells how long a write took: its turn, the deciding, and until it is on disk."""

    def write_grouped(self, work: Callable[[Write], T]) -> T:
        trace = _here.get()
        if trace is None:
            return super().write_grouped(lambda write: _untraced(work, write))
        ends: list[Span] = []

        def decide(write: Write) -> T:
            with inner.span("decide"):
                answer = work(write)
            ends.append(inner.tracer.start_span("commit", inner.context))
            return answer

        with trace.span("store"):
            inner = _here.get() or trace
            try:
                return super().write_grouped(decide)
            finally:
                for commit in ends:
                    commit.end()

    @contextmanager
    def write(self) -> Iterator[Write]:
        with piece("store"), super().write() as write:
            yield write

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        with piece("read"), super().read() as connection:
            yield connection


class TracedDecider(Decider):
    """A decider that tells how long each step of a decision took."""

    def look_up(self, *given: Any) -> Looked:
        with piece("look-up"):
            return super().look_up(*given)

    def features(self, *given: Any) -> Floats:
        with piece("features"):
            return super().features(*given)

    def model(self, *given: Any) -> Scored:
        with piece("model"):
            return super().model(*given)

    def ruled(self, *given: Any) -> Judged:
        with piece("policy"):
            return super().ruled(*given)


def pool_of(limits: Limits, *, traced: bool) -> Pool:
    """The pool of a process."""
    return (TracedPool if traced else Pool)(limits.threads, limits.waiting)
