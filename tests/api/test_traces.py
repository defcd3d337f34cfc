"""Traces: a caller's trace goes on in our pieces, at a real collector, with nobody's data in it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from api.tracing import COLLECTORS, Tracing
from tests.api.serving import running
from tests.api.test_scoring import body

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{CALLER}-01"


@dataclass
class Collector:
    """What an OpenTelemetry collector is to us: a place that takes spans."""

    url: str = ""
    came: queue.Queue[bytes] = field(default_factory=queue.Queue)
    paths: list[str] = field(default_factory=list)

    def raw(self) -> bytes:
        return b"".join(self.came.get(timeout=15) for _ in range(max(1, self.came.qsize())))

    def spans(self) -> list[Span]:
        exported = ExportTraceServiceRequest()
        exported.MergeFromString(self.raw())
        return [
            span
            for resource in exported.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.paths.append(self.path)
            collector.came.put(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """One that services are told of; when a service has stopped, all of its spans are there."""
    with collecting() as collector:
        monkeypatch.setenv(COLLECTORS[0], collector.url)
        yield collector


def test_a_callers_trace_goes_on_in_the_pieces_of_the_call(
    folder: Path, collector: Collector
) -> None:
    with running(folder) as run, run.client() as client:
        sent = {"traceparent": TRACEPARENT}
        answer = client.post("/v1/refunds/score", json=body(), headers=sent)
        assert answer.status_code == 200
    spans = {span.name: span for span in collector.spans()}
    assert {span.trace_id.hex() for span in spans.values()} == {TRACE}
    call = spans["POST /v1/refunds/score"]
    assert call.parent_span_id.hex() == CALLER
    assert call.kind == Span.SPAN_KIND_SERVER
    assert {"authenticate", "wait", "work", "store", "decide"} <= spans.keys()
    assert spans["decide"].parent_span_id == spans["commit"].parent_span_id
    assert spans["decide"].parent_span_id == spans["store"].span_id
    steps = [spans[name] for name in ("look-up", "features", "model", "policy")]
    assert {step.parent_span_id for step in steps} == {spans["decide"].span_id}
    starts = [step.start_time_unix_nano for step in (*steps, spans["commit"])]
    assert starts == sorted(starts)
    for span in spans.values():
        assert call.start_time_unix_nano <= span.start_time_unix_nano
        assert span.end_time_unix_nano <= call.end_time_unix_nano
    assert set(collector.paths) == {"/v1/traces"}


def test_a_span_says_how_it_went_and_nothing_that_was_sent(
    folder: Path, collector: Collector
) -> None:
    with running(folder) as run, run.client() as client:
        one = body(reason_text="an unmistakable reason")
        one["order"][0]["customer_id"] = "C-unmistakable"
        headers = {"traceparent": TRACEPARENT, "x-request-id": "ticket-4711"}
        client.post("/v1/refunds/score", json=one, headers=headers)
        client.get("/v1/refunds/R-unmistakable/decisions", headers=headers)
    raw = collector.raw()
    assert b"unmistakable" not in raw
    for said in ("http.response.status_code", "/v1/refunds/{refund_id}/decisions", "ticket-4711"):
        assert said.encode() in raw


@pytest.mark.parametrize("header", ["", "00-not-a-trace", TRACEPARENT[:-2] + "00"])
def test_without_a_trace_that_is_recorded_nothing_is_sent(
    folder: Path, collector: Collector, header: str
) -> None:
    with running(folder) as run, run.client() as client:
        sent = {"traceparent": header} if header else {}
        assert client.post("/v1/refunds/score", json=body(), headers=sent).status_code == 200
    assert collector.paths == []


def test_a_collector_that_is_away_harms_nobody(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(COLLECTORS[1], "http://127.0.0.1:9/v1/traces")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    with running(folder) as run, run.client() as client:
        answer = client.get("/v1/model", headers={"traceparent": TRACEPARENT})
        assert answer.status_code == 200


def test_without_a_collector_there_is_no_tracing(folder: Path) -> None:
    assert Tracing.from_env({}) is None
    with running(folder) as run:
        assert run.service.tracing is None
        assert type(run.service.pool).__name__ == "Pool"
        assert type(run.service.history).__name__ == "History"
