"""What orders that became known settle for callers bound to merchants."""

from __future__ import annotations

from risk.history.connection.connect import Write
from risk.history.tenants.release import release
from risk.history.tenants.request_owners import settle_owners


def settle_bound(write: Write) -> None:
    """Settle whose the requests are that name the touched orders, and release what waits for them.

    Most stores have neither, and look no further.
    """
    orders = set[str]().union(*write.touched.values())
    if "request_owners" in write.filled:
        settle_owners(write, orders)
    if "waiting_facts" in write.filled:
        release(write, set[str]().union(*write.touched.values()))
