"""Where files are kept: a folder and a bucket keep, give back and list the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from risk.errors import NotFound, Unavailable
from risk.evidence.file_intake import EvidenceFiles, Upload
from risk.evidence.object_store import ObjectStore, open_object_store
from risk.history.store import History
from tests.evidence_pictures import picture


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The name of a bucket of a server of its own."""
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "of-a-test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        boto3.client("s3").create_bucket(Bucket="evidence")
        yield "evidence"
    server.stop()


@pytest.fixture(params=["folder", "file url", "bucket", "prefix"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param in ("bucket", "prefix"):
        name = request.getfixturevalue("bucket")
        return open_object_store(f"s3://{name}" + "/of/files" * (request.param == "prefix"))
    return open_object_store(f"{'file://' * (request.param == 'file url')}{tmp_path}/files")


def test_what_is_put_is_there_until_it_is_deleted(objects: ObjectStore) -> None:
    assert list(objects.older_than(-5)) == []
    objects.put("ab/one.1", b"first")
    objects.put("cd/two.2", b"")
    assert (objects.get("ab/one.1"), objects.get("cd/two.2")) == (b"first", b"")
    assert sorted(objects.older_than(-5)) == ["ab/one.1", "cd/two.2"]
    assert list(objects.older_than(60)) == []
    for _ in range(2):
        objects.delete("ab/one.1")
    with pytest.raises(NotFound):
        objects.get("ab/one.1")
    objects.delete("cd/two.2")


def test_a_file_is_kept_in_a_bucket_encrypted(history: History, bucket: str) -> None:
    objects = open_object_store(f"s3://{bucket}/case")
    files = EvidenceFiles(history, objects)
    content = picture(1)
    files.take(Upload("E-1", content))
    [name] = objects.older_than(-5)
    assert content[20:60] not in objects.get(name)
    assert files.rendered("E-1", 64).startswith(b"\xff\xd8")
    files.close()


def test_a_bucket_that_does_not_answer_is_unavailable(
    history: History, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unavailable):
        open_object_store("s3://no-such-bucket").put("ab/one.1", b"first")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    files = EvidenceFiles(history, open_object_store(f"s3://{bucket}"))
    with pytest.raises(Unavailable):
        files.take(Upload("E-1", picture(2)))
    files.close()


def test_another_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="REFUND_RISK_FILES_URL"):
        open_object_store("ftp://somewhere/files")
