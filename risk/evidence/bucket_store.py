"""Objects in a bucket of S3, or of what speaks its protocol (`AWS_ENDPOINT_URL` says where)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from risk.errors import NotFound, Unavailable

_PATIENCE = Config(
    connect_timeout=3, read_timeout=15, retries={"max_attempts": 2, "mode": "standard"}
)


class BucketStore:
    """Objects under a prefix of a bucket; credentials are found as boto3 finds them."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""

    @classmethod
    def of_address(cls, address: str) -> BucketStore:
        """The store of `BUCKET` or `BUCKET/PREFIX`."""
        bucket, _, prefix = address.partition("/")
        return cls(boto3.client("s3", config=_PATIENCE), bucket, prefix.strip("/"))

    def put(self, name: str, content: bytes) -> None:
        with _answering():
            self._client.put_object(**self._place(name), Body=content)

    def get(self, name: str) -> bytes:
        with _answering():
            content: bytes = self._client.get_object(**self._place(name))["Body"].read()
            return content

    def delete(self, name: str) -> None:
        with _answering():
            self._client.delete_object(**self._place(name))

    def older_than(self, seconds: float) -> Iterator[str]:
        before = datetime.now(UTC) - timedelta(seconds=seconds)
        with _answering():
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                for found in page.get("Contents", ()):
                    if found["LastModified"] < before:
                        yield str(found["Key"]).removeprefix(self._prefix)

    def _place(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + name}


@contextmanager
def _answering() -> Iterator[None]:
    """Raises NotFound for an object that is not there, Unavailable for any other failure."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "NoSuchKey":
            raise NotFound("the file is not in the file store") from None
        raise Unavailable("the file store refused the call") from error
    except BotoCoreError as error:
        raise Unavailable("the file store does not answer") from error
