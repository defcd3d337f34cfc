"""What customer and shop said in words or by a no, as the policy knows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from risk.decisions.case_records import Proof
from risk.facts import NOT_GIVEN
from risk.history.connection.driver import Row
from risk.policy.situation import ToldOf
from risk.text import tags
from risk.text.stories import is_fault_after_all, is_unwanted_after_all


def told(spine: Row, evidence: Sequence[Proof]) -> dict[str, Any]:
    """The fields of a situation that rest on what was said."""
    story = spine["story"] or 0
    return {
        "agitated": bool(spine["agitated"]),
        "unsafe": bool(story & tags.HARM),
        "told_fault": is_fault_after_all(story, spine["reason_code"]),
        "told_of": tuple(what for bit, what in _TOLD_OF.items() if story & bit),
        "told_minor": bool(story & tags.MINOR),
        "told_courtesy": bool(story & tags.COURTESY),
        "told_deposit": bool(story & tags.DEPOSIT),
        "told_part": bool(story & tags.PART),
        "told_unwanted": is_unwanted_after_all(story, spine["reason_code"]),
        "specificity": spine["specificity"],
        "shop_no_outdated": is_no_outdated(evidence),
        "shop_refusals": sum(is_refusal(one, spine["request_known_at"]) for one in evidence),
    }


_TOLD_OF: dict[int, ToldOf] = {
    tags.PRICE_FELL: "price",
    tags.OWN_ADDRESS: "address",
    tags.REFUSED: "refused",
    tags.UNSENT: "unsent",
    tags.BY_FITTER: "fitter",
    tags.DEAD_ANIMAL: "dead",
}


def is_refusal(item: Proof, requested_at: int) -> bool:
    """Whether a no of the shop was there with the request, and is none to what it was asked for."""
    no = (item.kind, item.submitted_by) == ("declined", "merchant")
    return no and item.asked_at is None and item.known_at <= requested_at


def is_no_outdated(evidence: Sequence[Proof]) -> bool:
    """Whether the customer gave something to look at after the shop's last no."""
    noes = [one for one in evidence if (one.kind, one.submitted_by) == ("declined", "merchant")]
    given = [
        one.known_at
        for one in evidence
        if one.submitted_by == "customer" and one.kind not in (*NOT_GIVEN, "chat")
    ]
    return bool(noes and given) and max(given) > max(one.known_at for one in noes)
