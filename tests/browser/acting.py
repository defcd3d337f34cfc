"""What reviewers do in a browser, and what is stored of it."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from risk.cases import view_case
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.schema import FACTS
from tests.api.serving import Running
from tests.browser.browsing import Reader

Open = Callable[..., Reader]


def verdicts(served: Running, refund_id: str) -> list[tuple[str, str]]:
    table = FACTS["outcomes"]
    query = sa.select(table.c.decided_by, table.c.verdict).where(table.c.refund_id == refund_id)
    with served.service.history.read() as connection:
        return [(by, verdict) for by, verdict in connection.execute(query)]


def stored(someone: Reader, served: Running, refund_id: str) -> list[tuple[str, str]]:
    """The verdicts of a case whose first one is stored after the time to undo it."""
    for _ in range(400):
        if found := verdicts(served, refund_id):
            return found
        someone.page.wait_for_timeout(50)
    raise AssertionError(f"no verdict of {refund_id} was stored")


def refuse(someone: Reader, verdict: int) -> None:
    """Fill in a finding of abuse (4) or fraud (5): what is done with the money, and why."""
    someone.press("f", str(verdict), "Tab", *["ArrowDown"] * 3, "Tab", "Tab")
    someone.page.keyboard.type("a brick came back")


def buy_again(served: Running, refund_id: str) -> None:
    """The customer of a case orders something else, which speaks for them: it is decided again."""
    customer = view_case(served.service.history, refund_id).record.customer_id
    order = {"order_id": f"O-again-{customer}", "customer_id": customer, "amount": "10.00",
             "placed_at": iso(now_ms())}  # fmt: skip
    with served.client() as client:
        client.post("/v1/orders", json=order).raise_for_status()
    served.service.decider.score_again(refund_id)
