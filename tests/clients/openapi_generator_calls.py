"""Ten calls with the package that openapi-generator makes for Python, `openapi_client`."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import openapi_client as generated

client = generated.ApiClient(
    generated.Configuration(host=os.environ["URL"], access_token=os.environ["KEY"])
)
deciding, facts = generated.DecisionsApi(client), generated.FactsApi(client)
body: dict[str, Any] = json.load(sys.stdin)
refund_id = body["refund"]["refund_id"]


def refused() -> list[Any]:
    """What a request is answered that fits the schema, and not the contract."""
    early = {**body["refund"], "requested_at": "1985-01-01T00:00:00Z"}
    asked = generated.Score.from_dict({"refund": early})
    try:
        deciding.score(asked)
    except generated.ApiException as error:
        return [error.status, json.loads(error.body)["errors"][0]["field"]]
    return []


made = deciding.score(generated.Score.from_dict(body), idempotency_key="a-1")
line = generated.OrderLine.from_dict(body["order"][0])
found = {
    "ready": generated.ServiceApi(client).readyz_with_http_info().status_code,
    "orders": facts.store_orders_with_http_info([line]).status_code,
    "score": deciding.score_with_http_info(generated.Score.from_dict(body)).status_code,
    "tier": made.tier,
    "decisions": [each.decision_id for each in deciding.decisions(refund_id)] == [made.decision_id],
    "decision": deciding.decision(made.decision_id).refund_id,
    "again": deciding.score_again_with_http_info(refund_id).status_code,
    "batch": deciding.score_batch_with_http_info([generated.Score.from_dict(body)]).status_code,
    "cases": generated.CasesApi(client).cases_with_http_info(limit=2).status_code,
    "inbox": generated.HooksApi(client).inbox_with_http_info(limit=2).status_code,
    "model": deciding.model().version,
    "wrong": refused(),
}
sys.stdout.write(json.dumps(found))
