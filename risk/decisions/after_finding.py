"""Cases are decided again once a finding, an appeal or late facts changed what is known of them.

Otherwise page, message and dossier would go on saying what stood before.
"""

from __future__ import annotations

from risk.decisions.decide import Decider
from risk.errors import BadInput, Conflict, NotFound
from risk.facts.units import HOUR_MS
from risk.history.connection.connect import Write, now_ms
from risk.history.outdated_cases import is_outdated, outdated_cases, postpone
from risk.history.tenants.caller import CONSOLE

LOOK_BACK_MS = HOUR_MS
"""Older findings are left as they were decided: whole histories come in by import. Facts about an
open case wait for as long as it takes."""

AT_ONCE = 50


def decide_found(decider: Decider) -> int:
    """Decide again the cases of which more is known than when they were decided; how many.

    At most `AT_ONCE`, of findings and appeals those of the last hour. One that was taken back or
    forgotten is passed over.
    Raises Unavailable where nothing can be decided, BadInput where the policy has no rate for the
    currency of one: after the others were decided.
    """
    since = now_ms() - LOOK_BACK_MS
    with decider.history.read() as connection:
        outdated = outdated_cases(connection, since, AT_ONCE)
    decided, refused, left = 0, None, list[str]()
    for refund_id in outdated:
        done = False
        try:
            done = decide_outdated(decider, refund_id, since)
        except BadInput as error:
            refused = refused or error
        decided += done
        left += [] if done else [refund_id]
    if left:
        with decider.history.write() as write:
            postpone(write, left)
    if refused is not None:
        raise refused
    return decided


def decide_outdated(decider: Decider, refund_id: str, since: int) -> bool:
    """Decide one case again; False where it is no longer outdated, or no longer there."""

    def unless(write: Write, internal: str) -> None:
        if not is_outdated(write.connection, internal, since):
            raise Conflict("another worker decided this case meanwhile")

    try:
        decider.score_again(refund_id, CONSOLE, unless)
    except (Conflict, NotFound):
        return False
    return True
