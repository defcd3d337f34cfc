"""Files of evidence sent by keys bound to merchants: within their ids, unseen until theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from risk.evidence.object_store import FolderStore
from risk.history.schema import FACTS
from risk.history.schema.schema_tenants import waiting_facts
from risk.privacy.evidence_files import delete_orphans
from tests.api.test_evidence_files import put
from tests.api.two_merchants import Marketplace, case
from tests.evidence_pictures import objects_in, picture


def stored(market: Marketplace) -> list[str]:
    """The items of evidence with a file."""
    query = sa.select(FACTS["files"].c.evidence_id).order_by(FACTS["files"].c.evidence_id)
    with market.run.service.history.read() as connection:
        return list(connection.execute(query).scalars())


def waiting(market: Marketplace) -> int:
    query = sa.select(sa.func.count()).select_from(waiting_facts)
    with market.run.service.history.read() as connection:
        return int(connection.execute(query).scalar_one())


def send(client: Any, kind: str, facts: Any) -> None:
    client.post(f"/v1/{kind}", json=facts).raise_for_status()


def tell(client: Any, one: dict[str, Any], *members: str) -> None:
    kinds = {"order": "orders", "refund": "refunds", "evidence": "evidence"}
    for member in members:
        send(client, kinds[member], one[member])


def test_a_file_before_its_evidence_waits_unseen(market: Marketplace) -> None:
    one = case("M-A", 1001)
    first = put(market.a, "E1001", picture(1))
    assert first.status_code == 201, first.text
    assert (stored(market), waiting(market)) == ([], 1)
    assert put(market.a, "E1001", picture(1)).json() == first.json()
    assert put(market.a, "E1001", picture(2)).status_code == 409
    tell(market.a, one, "order", "refund", "evidence")
    assert (stored(market), waiting(market)) == (["E1001"], 0)
    again = put(market.a, "E1001", picture(1))
    assert (again.status_code, again.json()) == (200, first.json())


def test_a_file_waits_for_the_order_of_its_evidence(market: Marketplace) -> None:
    one = case("M-A", 1001)
    item = {name: value for name, value in one["evidence"][0].items() if name != "refund_id"}
    send(market.a, "evidence", item | {"order_id": "1001"})
    assert put(market.a, "E1001", picture(1)).status_code == 201
    assert (stored(market), waiting(market)) == ([], 2)
    tell(market.platform, one, "order")
    assert (stored(market), waiting(market)) == (["E1001"], 0)


def test_a_file_waits_for_the_order_of_evidence_that_the_platform_sent(
    market: Marketplace,
) -> None:
    one = case("M-A", 1001)
    tell(market.platform, one, "evidence")
    assert put(market.a, "E1001", picture(1)).status_code == 201
    assert (stored(market), waiting(market)) == ([], 1)
    tell(market.platform, one, "refund", "order")
    assert (stored(market), waiting(market)) == (["E1001"], 0)


def test_a_file_for_evidence_of_another_merchant_is_refused_or_dropped(
    market: Marketplace, tmp_path: Path
) -> None:
    assert put(market.b, "E1001", picture(3)).status_code == 201
    tell(market.platform, case("M-A", 1001), "order", "refund", "evidence")
    assert (stored(market), waiting(market)) == ([], 0)
    kept = objects_in(tmp_path / "files")
    refused = put(market.b, "E1001", picture(4))
    assert refused.status_code == 403
    assert refused.json()["errors"][0]["field"] == "evidence_id"
    assert objects_in(tmp_path / "files") == kept
    assert delete_orphans(market.run.service.history, FolderStore(tmp_path / "files")) == 1
    assert objects_in(tmp_path / "files") == []


def test_two_merchants_have_files_under_the_same_id(market: Marketplace) -> None:
    for client, merchant in ((market.a, "M-A"), (market.b, "M-B")):
        tell(client, case(merchant, 1001), "order", "refund", "evidence")
    reads = [put(client, "E1001", picture(n)) for n, client in enumerate((market.a, market.b))]
    assert [read.status_code for read in reads] == [201, 201]
    assert {read.json()["evidence_id"] for read in reads} == {"E1001"}
    assert stored(market) == ["E1001", "E1001@M-B"]
    assert put(market.platform, "E1001", picture(1)).status_code == 409
    named = put(market.platform, "E1001", picture(1), merchant="M-B")
    assert (named.status_code, named.json()) == (200, reads[1].json())
    assert put(market.a, "E1001", picture(1)).status_code == 409


def test_what_was_sent_by_another_merchant_is_not_told(market: Marketplace) -> None:
    """The same bytes of another merchant's evidence look as new as any."""
    tell(market.b, case("M-B", 1001), "order", "refund", "evidence")
    put(market.b, "E1001", picture(1)).raise_for_status()
    assert [put(market.a, "E1001", picture(1)).status_code for _ in range(2)] == [201, 200]
    assert (stored(market), waiting(market)) == (["E1001"], 1)


def test_a_merchant_takes_its_file_back(market: Marketplace) -> None:
    tell(market.a, case("M-A", 1001), "order", "refund", "evidence")
    put(market.a, "E1001", picture(1)).raise_for_status()
    back = {"kind": "files", "key": {"evidence_id": "E1001"}, "reason": "another parcel",
            "retracted_at": "2026-03-12T10:00:00+08:00"}  # fmt: skip
    assert market.b.post("/v1/retractions", json=back).status_code == 403
    assert market.a.post("/v1/retractions", json=back).status_code == 201
