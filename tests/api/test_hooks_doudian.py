"""A Doudian case that goes to arbitration, as the shop's messages tell it."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import httpx
import pytest

from risk.errors import BadInput
from risk.webhooks.mapping import facts_of, rule_for
from risk.webhooks.mapping_table import read_mapping
from risk.webhooks.systems import SYSTEMS
from tests.api.hook_senders import APP_KEY, SECRET, doudian, prefix_of, push, raw_of, rows
from tests.api.serving import Running

NAMED = '[maps.conclusion]\n1 = "merchant_fault"\n2 = "abuse"\n'


def told(
    client: httpx.Client, stranger: httpx.Client, name: str, mapping: str, *payloads: str
) -> str:
    """The prefix of an endpoint's own, after these payloads were pushed to it."""
    sent = {"secret": SECRET, "mapping": f'[endpoint]\napp_key = "{APP_KEY}"\n{mapping}'}
    client.put(f"/v1/hooks/doudian/{name}", json=sent).raise_for_status()
    place = f"/v1/hooks/doudian/{name}"
    for payload in payloads:
        raw = raw_of(payload)
        assert push(stranger, place, raw, doudian(raw, 0, "")).json()["code"] == 0
    return prefix_of(place)


def test_the_conclusion_of_an_arbitration_is_the_platforms_finding(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    began = time.time()
    own = told(client, stranger, "court", NAMED, "doudian_apply", "doudian_arbitration")
    refused, found = sorted(rows(served, "outcomes", own), key=lambda row: row.decided_at)
    assert (refused.verdict, refused.resolution, refused.decided_by) == (
        "undetermined", "refused", "system",
    )  # fmt: skip
    assert refused.decided_at == 1_772_847_000_000
    assert (found.verdict, found.decided_by, found.selected_by) == (
        "abuse", "platform", "complaint",
    )  # fmt: skip
    assert began * 1000 - 1 <= found.decided_at <= found.known_at


@pytest.mark.parametrize("odd", ["a\x00b", "9" * 5_000])
def test_a_message_is_known_by_whatever_id_it_has(
    client: httpx.Client, stranger: httpx.Client, odd: str
) -> None:
    name = f"odd{len(odd)}"
    own = told(client, stranger, name, "")
    (message,) = json.loads(raw_of("doudian_apply"))
    for written in ({}, {"written": "otherwise"}):
        raw = json.dumps([{**message, "msg_id": odd, **written}]).encode()
        answer = push(stranger, f"/v1/hooks/doudian/{name}", raw, doudian(raw, 0, ""))
        assert answer.json()["code"] == 0
    refund = own + str(json.loads(message["data"])["aftersale_id"])
    assert len(client.get(f"/v1/refunds/{refund}/decisions").json()) == 1


def test_a_conclusion_without_a_meaning_finds_nothing(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    own = told(client, stranger, "unnamed", "", "doudian_apply", "doudian_arbitration")
    assert {row.decided_by for row in rows(served, "outcomes", own)} == {"system"}


def test_proof_for_the_platform_is_evidence_and_decided_upon(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    own = told(client, stranger, "proof", NAMED, "doudian_apply", "doudian_arbitration")
    [row] = rows(served, "evidence", own)
    assert (row.evidence_id, row.kind, row.submitted_by) == (
        own + "7201122334455", "document", "merchant",
    )  # fmt: skip
    stages = [d["stage"] for d in client.get(f"/v1/refunds/{row.refund_id}/decisions").json()]
    assert stages == ["request", "evidence"]


def test_what_tells_nothing_is_taken_and_stored_nowhere() -> None:
    table = read_mapping("", SYSTEMS["doudian"].mapping())
    unheeded = [m["tag"] for m in json.loads(raw_of("doudian_arbitration"))
                if rule_for(table, m["tag"]) is None]  # fmt: skip
    assert unheeded == ["213"]


def test_a_moment_of_receipt_is_ours() -> None:
    text = "[[messages]]\n[[messages.evidence]]\nsubmitted_at = { received = true }\n"
    table = read_mapping(text)
    now = datetime(2026, 3, 7, tzinfo=UTC).isoformat()
    facts = facts_of(table, table.messages[0], {"submitted_at": "theirs"}, "p:", now)
    assert facts == {"evidence": [{"submitted_at": now}]}
    with pytest.raises(BadInput, match="received"):
        read_mapping(text.replace("true", "true, value = 'x'"))
