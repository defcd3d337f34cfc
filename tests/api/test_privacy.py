"""What was sent of people is looked for, raw, in every file and page the product makes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from api import service
from api.logs import make_log
from risk.facts import SUBMITTED
from risk.history.store import History
from risk.privacy import forget, forgetting, webhook_ids_of
from tests.api.serving import Running, running
from tests.api.test_scoring import body
from tests.listening import Listener, listening
from tests.shops import SECRET, open_shop

A_FEW, LONG_ENOUGH = 25, 7
"""So many values of each field are looked for, and only those no other number is by chance."""

IDENTITIES = {
    "shipping_address": "88 Inimitable Crescent, Flat 12, Leeds",
    "phone": "+86 137 5555 0199",
    "payment_instrument": "card-inimitable-4242",
    "device_id": "device-inimitable-1",
    "ip": "203.0.113.211",
}
MORE = {"payout_account": "acct-inimitable-9", "tracking_no": "SFINIMITABLE77",
        "content_hash": "1n1m1table5ec0nd"}  # fmt: skip
IN_STORE = ("store.db", "backup")
CUSTOMER, WORDS = "C-inimitable-17", "my aunt Hildegard found the clasp bent"
REMARKS = ("Hildegard rang about it", "Hildegard was paid")


@dataclass
class Product:
    """The whole product in one folder, and all that it wrote, said and sent."""

    folder: Path
    run: Running
    client: httpx.Client
    log: Path
    listener: Listener
    told: list[str] = field(default_factory=list)

    def places(self) -> dict[str, bytes]:
        """Everything there is to look through, by where it is."""
        stores = sorted(self.folder.glob("*.db*")) + sorted(self.folder.glob("artifacts/**/*"))
        found = {str(p.relative_to(self.folder)): p.read_bytes() for p in stores if p.is_file()}
        pushed = b"".join(self.listener.next(0.1)["raw"] for _ in range(self.listener.came.qsize()))
        self.told.append(pushed.decode())
        with closing(sqlite3.connect(self.folder / "store.db")) as store:
            backup = store.serialize()
        return {
            **found,
            "backup": backup,
            "log": self.log.read_bytes(),
            "metrics": self.client.get("/metrics").content,
            "answers and pushes": "".join(self.told).encode(),
        }

    def holding(self, value: str, *, but: tuple[str, ...] = ()) -> list[str]:
        """Where a value stands, raw."""
        return [n for n, content in self.places().items()
                if value.encode() in content and not n.startswith(but)]  # fmt: skip


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    shop = open_shop(tmp_path_factory, "product")
    shop.history.close()
    folder = shop.folder
    log = folder / "service.log"
    with pytest.MonkeyPatch.context() as patch, log.open("ab", buffering=0) as to:
        patch.setattr(service, "make_log", lambda: make_log(to))
        with (
            listening() as listener,
            running(folder, model=False, secret=SECRET) as run,
            run.client() as client,
        ):
            used(product := Product(folder, run, client, log, listener))
            yield product


def pushed(product: Product, one: dict[str, Any]) -> None:
    """The same person comes through a webhook: accepted, refused, and of no use."""
    place, secret = "/v1/hooks/freshdesk/desk", "an inimitable secret of two"
    product.client.put(place, json={"secret": secret}).raise_for_status()
    for change in ({}, {"amount": "a lot"}, {"unknown": "1"}):
        sent = {"refund": {**one["refund"], **change}, "order": one["order"]}
        answer = product.client.post(place, json=sent, headers={"x-refund-risk-secret": secret})
        product.told.append(answer.text)
    inbox = product.client.get("/v1/hooks/inbox").raise_for_status()
    assert len(inbox.json()["messages"]) == 3
    product.told.append(inbox.text)


def used(product: Product) -> None:
    """Somebody who can be recognised goes through everything the service offers."""
    post, one = product.client.post, body("inimitable", reason_text=WORDS)
    receiver = {"url": product.listener.url, "private": True}
    post("/v1/receivers", json=receiver).raise_for_status()
    one["refund"] |= {"payout_account": MORE["payout_account"], "amount": "900.00"}
    one["order"][0] |= {**IDENTITIES, "customer_id": CUSTOMER, "amount": "900.00"}
    one["shipments"][0]["tracking_no"] = MORE["tracking_no"]
    one["evidence"][0]["content_hash"] = MORE["content_hash"]
    named = {"idempotency-key": f"for-{CUSTOMER}"}
    found = {"refund_id": one["refund"]["refund_id"], "decided_at": "2026-03-12T10:00:00+08:00",
             "verdict": "abuse", "note": REMARKS[0]}  # fmt: skip
    odd = {**one["order"][0], "order_id": "O-odd", "amount": "a lot"}
    answers = [
        post("/v1/refunds/score", json=one, headers=named),
        post("/v1/outcomes", json=[found]),
        post("/v1/orders", json={**one["order"][0], "amount": "1.00"}),
        post("/v1/orders", json=[odd]),
        product.client.get(f"/v1/refunds/{one['refund']['refund_id']}/decisions"),
    ]
    assert [answer.status_code for answer in answers] == [200, 201, 409, 422, 200]
    product.told += [answer.text for answer in answers]
    pushed(product, one)
    product.told.append(product.listener.next()["raw"].decode())


def columns(folder: Path, identity: bool) -> dict[str, list[str]]:
    """Some values of the marketplace by field: identities, or words and names of people."""
    found: dict[str, list[str]] = {}
    for kind in SUBMITTED.values():
        table = pq.read_table(folder / "world" / f"{kind.name}.parquet")
        for spec in kind.fields:
            wanted = bool(spec.identity) if identity else spec.is_free_text
            if wanted and spec.name in table.column_names:
                values = {str(v) for v in table[spec.name].to_pylist() if v is not None}
                long = sorted(v for v in values if len(v) >= LONG_ENOUGH)
                found[f"{kind.name}.{spec.name}"] = long[:: max(1, len(long) // A_FEW)]
    return found


@pytest.mark.parametrize("raw", [*IDENTITIES.values(), *MORE.values()])
def test_identities_are_nowhere_as_they_were_sent(product: Product, raw: str) -> None:
    assert product.holding(raw) == []


def test_identities_of_an_imported_folder_are_nowhere(product: Product) -> None:
    places = product.places()
    looked = 0
    for name, values in columns(product.folder, identity=True).items():
        for value in values:
            looked += 1
            assert [p for p, content in places.items() if value.encode() in content] == [], name
    assert looked > 100


def test_words_and_names_are_in_the_store_alone(product: Product) -> None:
    for value in (CUSTOMER, WORDS, REMARKS[0]):
        assert product.holding(value, but=IN_STORE) == []
        assert product.holding(value)
    places = {n: c for n, c in product.places().items() if not n.startswith(IN_STORE)}
    for name, values in columns(product.folder, identity=False).items():
        for value in values:
            assert [p for p, content in places.items() if value.encode() in content] == [], name


def test_after_forgetting_nothing_is_left_anywhere(product: Product) -> None:
    elsewhere = History.open(f"sqlite:///{product.folder}/store.db", SECRET)
    [through_hook] = webhook_ids_of(elsewhere, CUSTOMER)
    forget(elsewhere, through_hook, settle_s=0)
    report = forget(elsewhere, CUSTOMER, settle_s=forgetting.SETTLE_S)
    elsewhere.close()
    assert report.counts["orders"] == 1
    for value in (CUSTOMER, "inimitable-17", "Hildegard", *IDENTITIES.values(), *MORE.values()):
        assert product.holding(value) == []
