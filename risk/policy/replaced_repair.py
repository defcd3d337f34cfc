"""A repair that is asked for of what cannot be repaired: the article is replaced."""

from __future__ import annotations

from dataclasses import replace

from risk.policy.articles import comes_back, stays
from risk.policy.evidence import cannot_be_repaired, is_not_there
from risk.policy.money_left import exceeds, in_base
from risk.policy.schema import Policy
from risk.policy.situation import Situation


def as_replaced(policy: Policy, case: Situation) -> Situation:
    """The case as one for another article, where a repair is asked for of what cannot be repaired:
    the law gives either, and the customer says if they would rather have the money.

    Earlier policies asked first what the customer would rather have. So does this one of what
    somebody must look at: what is used up by another request, an answer of the customer, and what
    stays with its customer and is worth a question, since an open repair uses up nothing of the
    price, and the money could be asked for beside the new article.
    """
    if "repair_replaced" not in policy.rules or not cannot_be_repaired(policy, case):
        return case
    back = comes_back(policy, case)
    if is_not_there(policy, case) or not (back or stays(policy, case)) or case.contact_confirmed:
        return case
    replaced = _in_its_place(case)
    used = replaced.money
    if used is not None and used.paid is not None and exceeds(used, used.paid):
        return case
    price = used.asked if used is not None else replaced.amount
    small = in_base(policy, case, price) <= policy.small_amount.up_to
    return replaced if back or small else case


def _in_its_place(case: Situation) -> Situation:
    """The same with an exchange asked for, which uses up the price of the article."""
    used = case.money
    if used is not None and used.paid is not None:
        asked = min(case.amount - used.extras, used.paid) if case.amount else used.paid
        used = replace(used, asked=max(asked, 0))
    return replace(case, type="exchange", money=used, in_place_of_repair=True)
