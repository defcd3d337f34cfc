"""The Decision that a scoring body would be answered, with nothing of it stored."""

from __future__ import annotations

from typing import Any

import orjson

from risk.decisions.decide import Decider
from risk.decisions.decision import Decided
from risk.decisions.submission import read_submission
from risk.history.connection.connect import Write
from risk.history.intake import excuse_slow_clock
from risk.history.tenants.caller import ANYONE, Caller
from risk.history.tenants.shared_ids import renamed


class _DryRunEnded(Exception):
    """Rolls a transaction back, with the answer made in it."""

    def __init__(self, decided: Decided) -> None:
        self.decided = decided
        super().__init__()


def dry_run(
    decider: Decider, body: Any, *, may_backdate: bool = False, caller: Caller = ANYONE
) -> bytes:
    """The Decision in JSON that `Decider.score` would answer; its transaction is rolled back.

    Raises what `Decider.score` raises.
    """
    with excuse_slow_clock(decider.history):
        submission = read_submission(body, decider.history, may_backdate=may_backdate)
    decide = decider.deciding(submission, "", caller)

    def work(write: Write) -> Decided:
        raise _DryRunEnded(decide(write)[0])

    try:
        return decider.history.write_grouped(work).json
    except _DryRunEnded as made:
        return _named(made.decided.json, submission.refund_id)


def _named(decision: bytes, own: str) -> bytes:
    """A Decision in JSON with this id of its request in the place of an internal one."""
    content = orjson.loads(decision)
    internal = content["refund_id"]
    return decision if internal == own else orjson.dumps(renamed(content, {internal: own}))
