"""Files of evidence by call: taken in once, read, kept encrypted, refused by cause."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.limits import MEGABYTE
from tests.api.serving import Running, running
from tests.evidence_pictures import objects_in, picture

_numbers = count(1)
AT = "2026-03-05T10:00:00+08:00"


def put(
    client: httpx.Client, evidence_id: str, content: bytes, kind: str = "image/jpeg", **query: Any
) -> httpx.Response:
    headers = {"content-type": kind} if kind else {}
    path = f"/v1/evidence/{evidence_id}/file"
    return client.put(path, content=content, headers=headers, params=query)


@pytest.fixture
def item(client: httpx.Client) -> str:
    """A new item of evidence."""
    evidence_id = f"E-file-{next(_numbers)}"
    fact = {"evidence_id": evidence_id, "refund_id": f"R-{evidence_id}", "kind": "photo",
            "submitted_at": AT}  # fmt: skip
    assert client.post("/v1/evidence", json=fact).status_code == 201
    return evidence_id


def test_a_file_is_taken_in_once_and_answered_the_same_again(
    client: httpx.Client, item: str
) -> None:
    first = put(client, item, picture(1))
    assert first.status_code == 201, first.text
    read = first.json()
    assert (read["evidence_id"], read["media_type"], read["revision"]) == (item, "image/jpeg", 1)
    assert len(read["digest"]) == 64
    again = put(client, item, picture(1))
    assert (again.status_code, again.json()) == (200, read)
    assert put(client, item, picture(1), kind="").json() == read


def test_other_bytes_need_a_higher_revision(client: httpx.Client, item: str) -> None:
    first = put(client, item, picture(2)).json()
    other = put(client, item, picture(3))
    assert other.status_code == 409
    assert f"evidence_id={item}" in other.json()["detail"]
    second = put(client, item, picture(3), revision=2)
    assert second.status_code == 201
    assert second.json()["digest"] != first["digest"]
    assert put(client, item, picture(3), revision=2).status_code == 200
    assert put(client, item, picture(2)).json() == first


@pytest.mark.parametrize(
    ("content", "kind", "status", "cause"),
    [
        (picture(4, "PNG"), "image/jpeg", 415, "it is image/png by its content"),
        (picture(4), "text/html", 415, "send one of image/jpeg"),
        (b"GIF89a" + bytes(64), "image/png", 422, "expected"),
        (picture(4)[:200], "image/jpeg", 422, "expected"),
        (b"", "image/jpeg", 400, "at least one byte"),
    ],
)
def test_what_is_no_such_file_is_refused_with_the_cause(
    client: httpx.Client, item: str, content: bytes, kind: str, status: int, cause: str
) -> None:
    answer = put(client, item, content, kind)
    assert answer.status_code == status, answer.text
    assert cause in answer.json()["detail"]
    assert put(client, item, picture(4)).status_code == 201


def test_a_file_has_a_largest_size(tmp_path: Path) -> None:
    with running(tmp_path, file_megabytes=1) as run, run.client("ingest") as client:
        answer = put(client, "E-1", picture(5) + bytes(MEGABYTE))
        assert answer.status_code == 413
        assert put(client, "E-1", picture(5)).status_code == 201


def test_what_is_kept_is_no_picture_and_names_nobody(tmp_path: Path) -> None:
    content = picture(6, size=128)
    with running(tmp_path) as run, run.client("ingest") as client:
        read = put(client, "E-1", content).json()
        put(client, "E-2", content)
        [file] = objects_in(tmp_path / "files")
        assert file.name.startswith(read["digest"])
        stored = file.read_bytes()
        assert content[20:60] not in stored
        assert len(stored) == len(content) + 28
        assert file.stat().st_mode & 0o077 == 0


def test_a_name_of_the_call_answers_as_before(client: httpx.Client, item: str) -> None:
    headers = {"content-type": "image/jpeg", "idempotency-key": f"key-{item}"}
    path = f"/v1/evidence/{item}/file"
    first = client.put(path, content=picture(7), headers=headers)
    again = client.put(path, content=picture(7), headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert client.put(path, content=picture(8), headers=headers).status_code == 422


def test_only_who_may_ingest_sends_files(served: Running, item: str) -> None:
    with served.client("score", "review") as other:
        assert put(other, item, picture(9)).status_code == 403
