"""Where files of evidence are kept, encrypted: in a folder, or in a bucket named by URL.

Names of objects are `AB/DIGEST.TOKEN`: no name is written twice, so an object never changes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol

from risk.errors import NotFound
from risk.linked_file import make_once


class ObjectStore(Protocol):
    """Keeps encrypted objects by name. Each call raises Unavailable where the store does not
    answer."""

    def put(self, name: str, content: bytes) -> None:
        """Keep an object; once this returns it is there for good."""

    def get(self, name: str) -> bytes:
        """What an object holds. Raises NotFound."""

    def delete(self, name: str) -> None:
        """Delete an object; one that is not there stays so."""

    def older_than(self, seconds: float) -> Iterator[str]:
        """The names of the objects that were put more than so many seconds ago."""


class FolderStore:
    """Objects as files of a folder, which is made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        file = self._folder / name
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_once(file, lambda aside: _write(aside, content))
        _sync(file.parent)

    def get(self, name: str) -> bytes:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            raise NotFound("the file is not in the file store") from None

    def delete(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)

    def older_than(self, seconds: float) -> Iterator[str]:
        before = time.time() - seconds
        for file in self._folder.glob("??/*"):
            if file.stat().st_mtime < before:
                yield file.relative_to(self._folder).as_posix()


def _write(file: Path, content: bytes) -> None:
    """Write a file and bring it to the disk."""
    with file.open("wb") as to:
        to.write(content)
        to.flush()
        os.fsync(to.fileno())


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_object_store(url: str) -> ObjectStore:
    """The store of a path or a URL: `s3://BUCKET/PREFIX`, `file:///FOLDER`, or a folder.

    Raises ValueError for another scheme, and where the library for S3 is not installed.
    """
    scheme, _, rest = url.partition("://")
    if not rest:
        return FolderStore(Path(url))
    if scheme == "file":
        return FolderStore(Path(rest))
    if scheme != "s3":
        raise ValueError(f"REFUND_RISK_FILES_URL: a folder or s3://BUCKET, not {scheme}://")
    try:
        bucket_store = import_module("risk.evidence.bucket_store")
    except ModuleNotFoundError as missing:
        raise ValueError(f"REFUND_RISK_FILES_URL: s3:// needs the extra `s3` ({missing})") from None
    store: ObjectStore = bucket_store.BucketStore.of_address(rest)
    return store
