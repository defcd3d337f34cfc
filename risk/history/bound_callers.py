"""What orders that became known settle for callers bound to merchants."""

from __future__ import annotations

from risk.history.connect import Write
from risk.history.driver import runner
from risk.history.request_owners import settle_owners
from risk.history.waiting_facts import release

_ANYTHING = """SELECT EXISTS (SELECT 1 FROM request_owners), EXISTS (SELECT 1 FROM waiting_facts)"""


def settle_bound(write: Write) -> None:
    """Settle whose the requests are that name the touched orders, and release what waits for them.

    Most stores have neither, and look no further.
    """
    unsettled, waiting = runner(write.connection)(_ANYTHING, {})[0]
    orders = set[str]().union(*write.touched.values())
    if unsettled:
        settle_owners(write, orders)
    if waiting:
        release(write, orders)
