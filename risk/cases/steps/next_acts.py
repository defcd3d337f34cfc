"""What a reviewer does next by one press: the recommended step of a case, with its words ready."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from risk.cases.record.case_view import CaseView
from risk.cases.record.recommended_step import step_of
from risk.cases.steps.approvals import is_to_do
from risk.cases.steps.courier_words import COURIER
from risk.cases.steps.next_act_words import CALL, CUSTOMER, SHOP
from risk.cases.steps.offer_words import OFFER, OFFER_FOUND, SHOWN, WHICH
from risk.cases.steps.questions import asked_since_decided, open_questions
from risk.explain.code_labels import LABELS, label
from risk.facts.format import money
from risk.facts.localised import LANGUAGES, LocalisedText
from risk.policy import offers
from risk.policy.claim_question import open_question
from risk.policy.disputed_inspection import inspector
from risk.policy.situation import Alternative
from risk.policy.standing_inspection import as_read

Name = Literal["ask", "call", "offer", "settle"]

WITH_AMOUNT = ("partial_refund", "voucher")
"""Offers that name an amount, which the reviewer may change."""

_PAID = ("pay", "heard", "read", "read_return", "read_shop", "packed", "purchase", "sent",
         "consent_read", "read_way", "look_claim", "unconfirmed", "refused_read",
         "recover_read")  # fmt: skip
"""Steps that settle a request as it was asked."""

_OF_SHOP = ("dispatch", "packed", "purchase", "read_shop")
"""Steps in which the record that is waited for is the shop's."""

_SHOWN_BY = {
    "open": "video", "packing": "video", "look": "photo", "pictures": "video", "offer": "photo",
    "authentic": "document", "proof": "document", "payment": "document",
}  # fmt: skip
"""What the shop is asked for, by step; an answer in words where it is nothing else."""

_SETTLED_AS = {
    "refund_only": "refunded", "return_and_refund": "refunded", "price_adjustment": "refunded",
    "exchange": "exchanged",
}  # fmt: skip
"""How a request is settled as asked, by its type; what no resolution names is none of these."""


@dataclass(frozen=True, slots=True)
class NextAct:
    """An act of one press. `of` is who is asked or told; `kind` the evidence that is asked for,
    the alternative that is offered, or the resolution. `amount` is what an offer of money comes to
    by the policy (1/10,000). `recommended` where the decision says so."""

    name: Name
    of: str
    kind: str
    text: LocalisedText
    recommended: bool = False
    amount: int | None = None


def next_acts(view: CaseView) -> list[NextAct]:
    """The acts that fit a case now, those that its decision recommends first; what was done since
    the decision is none of them. Of an approval that is no case, what is still to be asked."""
    if view.decision is None or not (view.is_open or is_to_do(view)):
        return []
    step = view.decision.get("recommended") or {"action": "", "step": "", "text": {"en": ""}}
    found = [*_recommended(view, step), *_offers(view, step)]
    if not view.is_open:
        found = [act for act in found if act.name == "ask"]
    done = {_key(event["action"], event["body"]) for event in asked_since_decided(view)}
    return [act for act in found if (act.name, act.of, act.kind) not in done]


def settled_as_asked(view: CaseView) -> tuple[str | None, str | None]:
    """The resolution and the amount (major units) that settle a request as it asks: a repair and a
    resend have no resolution, and only a refund has an amount."""
    request = view.record.request
    resolution = _SETTLED_AS.get(request["type"])
    if resolution != "refunded":
        return resolution, None
    amount = money(request["amount"], view.currency) if request["amount"] else None
    return (resolution, amount) if amount else (None, None)


def condition_label(decision: Mapping[str, Any] | None, condition: str) -> str:
    """The code of a condition's label: what the courier is waited for, unless the shop is asked
    first whether anything left."""
    step = (decision or {}).get("recommended")
    of_shop = step is not None and step_of(step) in _OF_SHOP
    return "shop_record" if of_shop and condition == "courier_record" else condition


def _key(action: str, body: Mapping[str, Any]) -> tuple[str, str, str]:
    return action, body.get("from", ""), body.get("kind", "")


def _recommended(view: CaseView, step: Mapping[str, Any]) -> Iterator[NextAct]:
    action, name = step["action"], step_of(step)
    asked = {question["from"] for question in open_questions(view)}
    if name == "replace":
        yield NextAct("settle", "customer", "exchanged", {}, recommended=True)
    if name in _PAID and (kind := _SETTLED_AS.get(view.record.request["type"])):
        yield NextAct("settle", "customer", kind, {}, recommended=True)
    if name in COURIER and "courier" not in asked:
        yield NextAct("ask", "courier", "document", COURIER[name], recommended=True)
    if name in ("claim_first", "call_meanwhile", "minor"):
        yield from _claim_asked(view)
    if name in SHOP and "merchant" not in asked and not (name == "offer" and _is_shown(view)):
        kind = _SHOWN_BY.get(name, "chat")
        yield NextAct("ask", "merchant", kind, SHOP[name], recommended=action != "pay")
    if name in CUSTOMER and not _is_sent_back(view):
        yield NextAct("ask", "customer", "chat", CUSTOMER[name], recommended=True)
    if name in WHICH and "customer" not in asked and view.asked_there is None:
        yield NextAct("ask", "customer", "chat", WHICH[name], recommended=True)
    elif action == "call" and name != "claim_first" and view.asked_there is None:
        yield NextAct("call", "customer", "chat", CALL.get(name, CALL["call"]), recommended=True)


def _claim_asked(view: CaseView) -> Iterator[NextAct]:
    """What shows whether the claim holds, asked of each who can give it."""
    if view.policy is None or view.situation is None:
        return
    for item in open_question(view.policy, as_read(view.policy, view.situation)).requests:
        words: LocalisedText = {one: SHOWN[one].format(items=item.text[one]) for one in LANGUAGES}
        yield NextAct("ask", item.source, item.kind, words, recommended=True)


def _is_shown(view: CaseView) -> bool:
    """Whether nobody need ask the shop for pictures of what it found: it gave some, or another
    looked."""
    case = view.situation
    if case is None or set(case.inspected_by or ("merchant",)) != {"merchant"}:
        return True
    return any(by == "merchant" and kind in ("photo", "video") for kind, by in case.evidence)


def _is_sent_back(view: CaseView) -> bool:
    """Whether the goods are on their way back, or there."""
    return view.situation is not None and view.situation.return_arrived is not None


def _offers(view: CaseView, step: Mapping[str, Any]) -> Iterator[NextAct]:
    first = step["action"] == "offer"
    for one in (view.decision or {}).get("suggestions", ()):
        name, amount = _offered(view, one)
        text = {each: words.replace("{offer}", name[each]) for each, words in _words(view).items()}
        yield NextAct("offer", "customer", one, text, first, amount)


def _words(view: CaseView) -> LocalisedText:
    """How something is offered; where the goods were looked at, with what was found."""
    case = view.situation
    if case is None or not case.inspections:
        return OFFER
    by, found = inspector(case), case.inspections[-1]
    return {
        one: words.replace("{by}", by[one]).replace(
            "{found}", label("condition_found", found, one).lower()
        )
        for one, words in OFFER_FOUND.items()
    }


def _offered(view: CaseView, one: Alternative) -> tuple[LocalisedText, int | None]:
    """An alternative as the decision's next step and message name it, and what one of money comes
    to."""
    if view.policy is None or view.situation is None:
        return LABELS["suggestion"][one], None
    case = as_read(view.policy, view.situation)
    [name] = offers.names(view.policy, case, [one])
    return name, offers.amount_of(view.policy, case, one) if one in WITH_AMOUNT else None
