"""How many files come at the same time: one limit for calls and for the console's form."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from api.limits import Limits, Slots
from risk.errors import Unavailable
from tests.api.console_visits import Visitor, logged_in, new_case
from tests.api.serving import Running, running, small_bundle
from tests.api.test_evidence_files import put
from tests.evidence_pictures import picture


def test_slots_come_back_whatever_happens() -> None:
    slots = Slots(1)

    def hold(deeper: int) -> None:
        with slots.hold("full"):
            if deeper:
                hold(deeper - 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        hold(0)
    with pytest.raises(Unavailable, match="full"):
        hold(1)
    assert slots.taken == 0


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path, Limits(uploads=1)) as started:
        started.promote("suspicious", small_bundle(0, 5.0))
        yield started


def add(someone: Visitor, case: str) -> int:
    form = {"csrf_token": someone.csrf_token, "id": case, "from": "customer"}
    return someone.http.post(
        "/console/case/files", data=form, files=[("file", ("a.jpg", picture(1)))]
    ).status_code


@contextmanager
def begun(run: Running, *lines: str) -> Iterator[None]:
    """An upload whose head has been taken in and whose body does not come."""
    parts = urlsplit(run.url)
    head = "\r\n".join([*lines, "host: x", "content-length: 100", "expect: 100-continue", "", ""])
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
        connection.settimeout(10)
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
        yield


def test_calls_and_the_form_share_one_limit(run: Running) -> None:
    reviewer = logged_in(run, "rita")
    cookie = "; ".join(f"{name}={value}" for name, value in reviewer.http.cookies.items())
    call = (f"PUT /v1/evidence/E-1/file HTTP/1.1\r\nauthorization: Bearer {run.token()}",
            "content-type: image/jpeg")  # fmt: skip
    form = (f"POST /console/case/files HTTP/1.1\r\ncookie: {cookie}",
            "content-type: multipart/form-data; boundary=b")  # fmt: skip
    with run.client() as client:
        case = new_case(client)
        for coming in (call, form):
            with begun(run, *coming):
                assert run.service.upload_slots.taken == 1
                refused = put(client, "E-2", picture(2))
                assert refused.status_code == 503
                assert "too many files" in refused.json()["detail"]
                assert add(reviewer, case) == 503
            while run.service.upload_slots.taken:
                client.get("/healthz")
        assert put(client, "E-2", picture(2)).status_code in (200, 201)
        assert add(reviewer, case) == 303
