"""Which bodies may be decided beside others, and what each claims for that."""

from __future__ import annotations

from risk.decisions.submission import Submission
from risk.facts import ORDERS, REFUNDS
from risk.history.commits.beside import MustBeAlone
from risk.history.commits.claims import KINDS, Claims, claims_of, claims_of_order, is_claimed
from risk.history.connection.connect import Write
from risk.history.store import History
from risk.history.tenants.caller import Caller

_MAY_BE_FILLED = frozenset({"retractions"})
"""What may have rows, of the tables that are empty in most stores."""


class Claiming:
    """Tells what a body claims. Where callers are bound to merchants, whose facts may wait for each
    other, everything is decided alone from the first that was."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._alone = False

    def claims(self, submission: Submission, caller: Caller) -> Claims | None:
        """The things that a body and its stored order name; None where it must be decided alone.

        Corrections, facts that were known before and what is said of goods in parcels and pictures
        are read from more sides than a few things.
        """
        if not self._history.decides_beside or self._alone or caller.merchants:
            return None
        kinds = {facts.kind for facts in submission.facts if facts.dated}
        dated = any(any(facts.dated) for facts in submission.facts)
        later = any(n > 1 for facts in submission.facts for n in facts.columns["revision"])
        if dated or later or not kinds <= KINDS:
            return None
        named = Claims().union(*(claims_of(facts.columns) for facts in submission.facts))
        if ORDERS.name in kinds:
            return named
        with self._history.read() as connection:
            return named | claims_of_order(connection, _order(submission))

    def check(self, write: Write, submission: Submission) -> None:
        """Raises MustBeAlone where a decision beside others turns out to read what it has not
        claimed, once its facts are stored."""
        if write.claims is None:
            return
        self._alone = self._alone or not write.filled <= _MAY_BE_FILLED
        names = (submission.refund_id, _order(submission))
        if self._alone or not is_claimed(write.connection, write.claims, *names):
            raise MustBeAlone


def _order(submission: Submission) -> str:
    refund = next(facts for facts in submission.facts if facts.kind == REFUNDS.name)
    return str(refund.columns["order_id"][0])
