"""What reviewers do in a browser, and what is stored of it."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from risk.history.schema import FACTS
from tests.api.serving import Running
from tests.browser.browsing import Reader

Open = Callable[..., Reader]


def verdicts(served: Running, refund_id: str) -> list[tuple[str, str]]:
    table = FACTS["outcomes"]
    query = sa.select(table.c.decided_by, table.c.verdict).where(table.c.refund_id == refund_id)
    with served.service.history.read() as connection:
        return [(by, verdict) for by, verdict in connection.execute(query)]


def refuse(someone: Reader, verdict: int) -> None:
    """Fill in a finding of abuse (4) or fraud (5): what is done with the money, and why."""
    someone.press("f", str(verdict), "Tab", *["ArrowDown"] * 3, "Tab", "Tab")
    someone.page.keyboard.type("a brick came back")
