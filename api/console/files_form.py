"""A form with files, as a page without script sends it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from api.console.session import LoggedIn, PageContext, RejectedForm, check_token
from api.dependencies.body import read_body
from api.dependencies.context import service_of
from api.dependencies.file_body import upload_slot

MOST_FILES = 20


class _InMemory(MultiPartParser):
    """Files stay in memory: they are not written to the disk before they are encrypted."""

    spool_max_size = 1 << 40


@dataclass(frozen=True, slots=True)
class FilesForm:
    """The fields of a form, and its files as (name, content)."""

    fields: Mapping[str, str]
    files: tuple[tuple[str, bytes], ...]


async def files_form(request: Request, context: LoggedIn) -> AsyncIterator[FilesForm]:
    """The form of a session. Raises RejectedForm, ProblemError for one too large or too slow, and
    Unavailable where too many come at once."""
    with upload_slot(request):
        yield await _read(request, context)


async def _read(request: Request, context: PageContext) -> FilesForm:
    body = await read_body(request, service_of(request).limits, "files")
    parser = _InMemory(request.headers, _whole(body), max_files=MOST_FILES, max_fields=10)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError):
        raise RejectedForm from None
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    check_token(context, fields.get("csrf_token", ""))
    uploads = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
    files = [(upload.filename or "", await upload.read()) for upload in uploads]
    return FilesForm(fields, tuple((name, content) for name, content in files if content))


async def _whole(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


SentFiles = Annotated[FilesForm, Depends(files_form)]
