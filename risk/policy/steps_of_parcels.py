"""What is done about a parcel that has not come while another of its order has, that was refused at
the door, or that went to another address."""

from __future__ import annotations

from risk.facts import NOT_GIVEN
from risk.policy.given_records import is_record_unread, is_way_unread
from risk.policy.next_step_sentences import TEXTS
from risk.policy.occurrences import is_misaddressed, is_paid_once_back, is_refused
from risk.policy.rules.parcel import is_part_on_way
from risk.policy.schema import Policy
from risk.policy.several_parcels import asks_all, missing_parcel
from risk.policy.situation import Situation
from risk.policy.step_of_rules import NextStep, step


def step_of_parcels(policy: Policy, case: Situation, *, overdue: bool) -> NextStep | None:
    """The step about a parcel that has not come, by what became of it; None where there is none.
    Where the price of all is asked its sentence says that a part has come."""
    if is_refused(policy, case) or is_misaddressed(policy, case):
        return _of_its_way(policy, case, overdue=overdue)
    other = missing_parcel(policy, case)
    if other is None:
        waits = not overdue or policy.repeats is None
        return step("ask_courier", "second") if waits and is_part_on_way(policy, case) else None
    if is_way_unread(policy, case) or is_record_unread(policy, case):
        text = "read_part" if asks_all(case) else "read_way"
        return NextStep("wait", TEXTS[text], "read_way")
    if overdue:
        return NextStep("ask_courier", TEXTS["overdue_part"], "overdue")
    if other != "moving":
        return step("ask_courier", "second_lost" if other == "lost" else "second_still")
    return NextStep("ask_courier", TEXTS["second_all" if asks_all(case) else "second"], "second")


def _of_its_way(policy: Policy, case: Situation, *, overdue: bool) -> NextStep:
    """The step about a parcel that its customer refused, or whose address was another: courier or
    shop are asked where it is, and what they answered is read. At the deadline nobody waits longer
    for what was sent back, or costs little."""
    heard = any(by != "customer" and kind not in NOT_GIVEN for kind, by in case.evidence)
    if not is_refused(policy, case):
        if heard:
            return step("wait", "recover_read")
        late = overdue and not is_paid_once_back(policy, case)
        return step("ask_courier", "overdue" if late else "recover")
    if heard:
        return step("wait", "refused_read")
    returned = case.courier == "returned_to_sender"
    if overdue and returned:
        return NextStep("wait", TEXTS["refused_late"], "refused_read")
    if overdue and not is_paid_once_back(policy, case):
        return step("ask_courier", "overdue")
    return step("wait", "refused_back") if returned else step("ask_courier", "refused_way")
