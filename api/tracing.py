"""Traces: where a caller sends one, the steps of the call continue it, to a collector by OTLP.

Without a collector in the environment (`OTEL_EXPORTER_OTLP_ENDPOINT`, and the other variables
OpenTelemetry knows) there is no SDK at work; without a `traceparent` nothing is recorded. The steps
are spans where they stand in the code (`risk.spans`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import (
    Span,
    SpanKind,
    get_current_span,
    get_tracer,
    get_tracer_provider,
    set_tracer_provider,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from risk.spans import NAME

COLLECTORS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


@dataclass(frozen=True, slots=True)
class Tracing:
    """Continues callers' traces, and sends what was recorded in the background."""

    processor: SpanProcessor
    propagator: TraceContextTextMapPropagator

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Tracing | None:
        """Tracing to the environment's collector; None where it names none."""
        env = os.environ if environ is None else environ
        if not any(env.get(name) for name in COLLECTORS):
            return None
        processor = BatchSpanProcessor(OTLPSpanExporter())
        _provider(env.get("OTEL_SERVICE_NAME") or NAME).add_span_processor(processor)
        return cls(processor, TraceContextTextMapPropagator())

    @contextmanager
    def call(self, headers: Mapping[str, str]) -> Iterator[Span | None]:
        """A span for a call whose headers carry a trace; the span, or None without one."""
        context = self.propagator.extract(headers)
        if not get_current_span(context).get_span_context().is_valid:
            yield None
            return
        with get_tracer(NAME).start_as_current_span(
            "call", context, SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        ) as span:
            yield span

    def close(self) -> None:
        """Send what is left."""
        self.processor.shutdown()


def _provider(service: str) -> TracerProvider:
    """The provider of this process, made where there is none yet."""
    provider = get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider(resource=Resource.create({"service.name": service}))
        set_tracer_provider(provider)
    return provider
