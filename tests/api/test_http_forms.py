"""Calls as HTTP allows them to be written, over a bare socket."""

from __future__ import annotations

import json
import socket
from urllib.parse import urlsplit

import pytest

from tests.api.serving import Running
from tests.api.test_facts_calls import fact

BODY = json.dumps(fact("orders")).encode()
CHUNKED = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
SIZE = b"content-length: %d\r\n" % len(BODY)
CHUNKS = b"transfer-encoding: chunked\r\n"


def heads(
    served: Running, sent: bytes, *, target: bytes = b"/v1/orders", http: str = "1.1"
) -> list[int]:
    """The status codes that a call is answered with; the connection is closed behind them."""
    parts = urlsplit(served.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), 20) as connection:
        head = f"HTTP/{http}\r\nhost: x\r\nauthorization: Bearer {served.token()}\r\n"
        head += "content-type: application/json\r\n"
        start = b"POST " + target + b" " + head.encode()
        connection.sendall(b"".join([start, sent.replace(b"AGAIN", start)]))
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
    lines = answer.replace(b"HTTP/1.", b"\nHTTP/1.").splitlines()
    return [int(line.split()[1]) for line in lines if line.startswith(b"HTTP/1.")]


CLOSE = b"connection: close\r\n"


@pytest.mark.parametrize(
    "sent",
    [CLOSE + SIZE + b"\r\n" + BODY, CLOSE + CHUNKS + b"\r\n" + CHUNKED],
    ids=["sized", "chunked"],
)
def test_a_body_may_come_in_chunks(served: Running, sent: bytes) -> None:
    assert heads(served, sent) in ([200], [201])


def test_who_expects_to_be_told_to_go_on_is(served: Running) -> None:
    told, stored = heads(served, CLOSE + b"expect: 100-continue\r\n" + SIZE + b"\r\n" + BODY)
    assert (told, stored) in ((100, 200), (100, 201))


def test_calls_may_follow_one_another_unanswered(served: Running) -> None:
    one = SIZE + b"\r\n" + BODY
    assert set(heads(served, one + b"AGAIN" + CLOSE + one)) <= {200, 201}


def test_older_and_longer_forms_are_read(served: Running) -> None:
    one = SIZE + b"\r\n" + BODY
    assert heads(served, one, http="1.0") in ([200], [201])
    assert heads(served, CLOSE + one, target=b"http://x/v1/orders") in ([200], [201])


def test_two_lengths_are_no_call(served: Running) -> None:
    assert heads(served, SIZE + CHUNKS + b"\r\n" + CHUNKED)[0] == 400
