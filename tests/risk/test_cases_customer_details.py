"""What the page of a customer lists: orders, what is shared, notes on cases."""

from __future__ import annotations

from risk.cases import Actor, add_note
from risk.cases.customers.customer_detail_rows import customer_details
from risk.history.store import History
from tests.case_rows import request


def test_orders_things_and_notes_of_one_customer(history: History) -> None:
    request(history, "R-1", "C-1", line={"device_id": "dev-a"})
    request(history, "R-2", "C-1", line={"amount": "70.00", "device_id": "dev-a"})
    request(history, "R-3", "C-2", line={"device_id": "dev-a"})
    add_note(history, "R-2", Actor("mei"), "rang twice")
    add_note(history, "R-3", Actor("mei"), "somebody else's")
    found = customer_details(history, "C-1")
    assert {one["order_id"]: one["amount"] for one in found.orders} == {
        "O-R-1": 1_000_000, "O-R-2": 700_000,
    }  # fmt: skip
    assert [(one.kind, one.others) for one in found.things] == [("device", 1)]
    assert [(one["refund_id"], one["text"]) for one in found.notes] == [("R-2", "rang twice")]
    assert customer_details(history, "C-9").orders == []
