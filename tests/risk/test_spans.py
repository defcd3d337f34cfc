"""Spans: each write of a shared commit belongs to its own trace, and nothing to none."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import get_tracer, get_tracer_provider, set_tracer_provider

from risk.history.connection.connect import Write
from risk.history.store import History
from risk.spans import span, span_since


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    """Holds the spans of a test; a process has one provider, whose processors come and go."""
    if not isinstance(get_tracer_provider(), TracerProvider):
        set_tracer_provider(TracerProvider())
    provider = get_tracer_provider()
    assert isinstance(provider, TracerProvider)
    found = InMemorySpanExporter()
    processor = SimpleSpanProcessor(found)
    provider.add_span_processor(processor)
    yield found
    found.shutdown()


def trace_of(one: ReadableSpan) -> int:
    assert one.context is not None
    return int(one.context.trace_id)


def step(name: str, write: Write) -> int:
    with span(name):
        return write.commit_no


def test_each_write_of_a_shared_commit_is_in_the_trace_of_who_queued_it(
    history: History, exporter: InMemorySpanExporter
) -> None:
    inside, all_came = threading.Event(), threading.Event()

    def hold(write: Write) -> None:
        inside.set()
        assert all_came.wait(10)

    def traced(name: str) -> int:
        with get_tracer("test").start_as_current_span(f"call {name}"):
            return history.write_grouped(lambda write: step(name, write))

    def untraced() -> int:
        return history.write_grouped(lambda write: step("untraced", write))

    with ThreadPoolExecutor(4) as pool:
        pool.submit(history.write_grouped, hold)
        assert inside.wait(10)
        writes = [pool.submit(traced, name) for name in ("a", "b")]
        writes.append(pool.submit(untraced))
        while len(history._group_commit._queue) < len(writes):
            pass
        all_came.set()
        assert len({write.result(10) for write in writes}) == 3
    spans = exporter.get_finished_spans()
    calls = {one.name.removeprefix("call "): trace_of(one) for one in spans if "call" in one.name}
    assert {one.name: trace_of(one) for one in spans if one.name in ("a", "b")} == calls
    assert not any(one.name == "untraced" for one in spans)
    for name, trace in calls.items():
        steps = {one.name: one for one in spans if trace_of(one) == trace}
        assert steps.keys() == {f"call {name}", "store", name, "commit"}
        assert steps["store"].context is not None
        for inner in (name, "commit"):
            parent = steps[inner].parent
            assert parent is not None
            assert parent.span_id == steps["store"].context.span_id


def test_a_span_says_nothing_of_an_error(exporter: InMemorySpanExporter) -> None:
    with (
        pytest.raises(ValueError, match="unmistakable"),
        get_tracer("test").start_as_current_span("call", record_exception=False),
        span("inner"),
    ):
        raise ValueError("unmistakable")
    (inner,) = (one for one in exporter.get_finished_spans() if one.name == "inner")
    assert "unmistakable" not in inner.to_json()
    assert inner.status.is_unset


def test_without_a_trace_nothing_is_recorded(exporter: InMemorySpanExporter) -> None:
    with span("alone"):
        span_since("past", 0)
    assert exporter.get_finished_spans() == ()
