"""What is known of a customer, read from PostgreSQL."""

from __future__ import annotations

import pytest

from api.schemas.customers import Customer
from risk.cases.customers.customer import customer_record
from risk.history.store import History
from tests.case_rows import request

pytestmark = pytest.mark.engines


def test_a_customer_with_orders_is_answered(postgresql_url: str) -> None:
    history = History.open(postgresql_url, "a secret for histories in tests")
    request(history, "asked-1", "C-with-orders")
    request(history, "asked-2", "C-with-orders")
    [orders] = Customer.of(customer_record(history, "C-with-orders")).orders
    history.close()
    assert (orders.orders, orders.paid) == (2, "200.00")
