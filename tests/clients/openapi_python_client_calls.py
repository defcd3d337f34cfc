"""Ten calls with the package that openapi-python-client generates, imported as `generated`."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from generated import AuthenticatedClient
from generated.api.cases import cases
from generated.api.decisions import decision, decisions, model, score, score_again, score_batch
from generated.api.facts import store_orders
from generated.api.hooks import inbox
from generated.api.service import readyz
from generated.models.order_line import OrderLine
from generated.models.score import Score

client = AuthenticatedClient(base_url=os.environ["URL"], token=os.environ["KEY"])
body: dict[str, Any] = json.load(sys.stdin)
refund_id = body["refund"]["refund_id"]


def status(answer: Any) -> int:
    return int(answer.status_code)


made = score.sync_detailed(client=client, body=Score.from_dict(body), idempotency_key="a-1")
read = decisions.sync_detailed(refund_id, client=client)
one = decision.sync_detailed(made.parsed.decision_id, client=client)
wrong = score.sync_detailed(
    client=client, body=Score.from_dict({"refund": {**body["refund"], "amount": "-1"}})
)
line = OrderLine.from_dict(body["order"][0])
found = {
    "ready": status(readyz.sync_detailed(client=client)),
    "orders": status(store_orders.sync_detailed(client=client, body=[line])),
    "score": status(made),
    "tier": made.parsed.tier.value,
    "decisions": [each.decision_id for each in read.parsed] == [made.parsed.decision_id],
    "decision": one.parsed.refund_id,
    "again": status(score_again.sync_detailed(refund_id, client=client)),
    "batch": status(score_batch.sync_detailed(client=client, body=[Score.from_dict(body)])),
    "cases": status(cases.sync_detailed(client=client, limit=2)),
    "inbox": status(inbox.sync_detailed(client=client, limit=2)),
    "model": model.sync_detailed(client=client).parsed.version,
    "wrong": [status(wrong), wrong.parsed.errors[0].field],
}
sys.stdout.write(json.dumps(found))
