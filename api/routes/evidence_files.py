"""Files of evidence: taken in as they are, read, and kept."""

from dataclasses import replace
from typing import Annotated

from fastapi import Query, Security
from fastapi.responses import Response

from api.dependencies.context import RequestContext, api_key
from api.dependencies.file_body import SentFile, request_body
from api.dependencies.idempotency_key import Idempotent
from api.merchant_scope import MerchantName
from api.response import json_response
from api.routes.paths import EvidenceId
from api.routing import answers, api_router
from api.schemas.evidence_files import EXAMPLE, EvidenceFile
from risk.evidence.file_intake import Upload
from risk.history.tenants.caller import Caller

router = api_router("facts")
Ingester = Annotated[RequestContext, Security(api_key, scopes=["ingest"])]
Revision = Annotated[
    int,
    Query(ge=1, le=10**9, description="more than 1 for a file in the place of another"),
]

_ANSWERS = {
    **answers(EXAMPLE, "the file is new", 404, 409, status=201),
    **answers(EXAMPLE, "the same file was known already"),
}
_ANSWERS[200]["model"] = EvidenceFile


@router.put(
    "/v1/evidence/{evidence_id}/file",
    operation_id="put_evidence_file",
    summary="Send the picture, film or document of an item of evidence",
    status_code=201,
    response_model=EvidenceFile,
    responses=_ANSWERS,
    openapi_extra={"requestBody": request_body()},
)
async def put_evidence_file(
    context: Ingester,
    evidence_id: EvidenceId,
    file: SentFile,
    once: Idempotent,
    merchant: MerchantName = None,
    revision: Revision = 1,
) -> Response:
    """The file itself, raw, with its media type, which must be what the file is by its content.
    What was read of it is answered. It may come before its evidence. The same bytes again change
    nothing; other bytes need a higher `revision`."""
    caller = context.caller(merchant)
    upload = Upload(evidence_id, file.content, file.media_type, revision)
    aside = replace(context, pool=context.service.uploads)
    return await once.run(aside, lambda: _take(aside, upload, caller), repeatable=True)


def _take(context: RequestContext, upload: Upload, caller: Caller) -> Response:
    taken = context.service.files.take(upload, caller, who=context.key.name)
    return json_response(EvidenceFile.of(taken.read), 201 if taken.new else 200)
