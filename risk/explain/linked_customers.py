"""What each linked customer shares with the one of a case, and what was found of each."""

from __future__ import annotations

from collections.abc import Mapping

from risk.facts.localised import LISTED, SEMICOLON, LocalisedText
from risk.history.reading.ring_links import LinkedCustomer, Links

SHOWN = 3
"""So many linked customers are told apart, those with most findings first."""

THINGS: dict[str, LocalisedText] = {
    "payment": {"en": "a card", "zh": "支付方式"},
    "device": {"en": "a device", "zh": "设备"},
    "payout": {"en": "a payout account", "zh": "收款账户"},
    "phone": {"en": "a phone number", "zh": "手机号"},
    "address": {"en": "an address", "zh": "地址"},
}
"""What customers share, by kind; a door is part of an address."""


def told_apart(links: Links, linked: Mapping[str, int]) -> LocalisedText | None:
    """A clause for each linked customer; None where the links are no longer those that a decision
    counted (`linked`), or too many to tell apart."""
    shown = [one for one in links.customers if _things(links, one)]
    counted = {
        "customers": len(shown),
        "refunds": sum(one.requests for one in shown),
        "confirmed_fraud": sum(one.abuse for one in shown),
    }
    if not shown or len(shown) > SHOWN or counted != {name: linked[name] for name in counted}:
        return None
    return {
        "en": SEMICOLON["en"].join(_english(links, one) for one in shown),
        "zh": SEMICOLON["zh"].join(_chinese(links, one) for one in shown),
    }


def _things(links: Links, one: LinkedCustomer) -> list[LocalisedText]:
    """What a customer shares with the centre, or where that is nothing, with those around it."""
    own = {entity for entity, customer in links.edges if customer == links.centre}
    theirs = [entity for entity, customer in links.edges if customer == one.customer_id]
    near = [entity for entity in theirs if entity in own]
    kinds = {entity[0] for entity in near or theirs}
    return [words for kind, words in THINGS.items() if kind in kinds]


def _english(links: Links, one: LinkedCustomer) -> str:
    things = [thing["en"] for thing in _things(links, one)]
    listed = " and ".join([*([", ".join(things[:-1])] if things[:-1] else []), things[-1]])
    with_whom = "" if one.step == 1 else " with one of them"
    asked = f"{one.requests} request{'' if one.requests == 1 else 's'}"
    return f"{one.customer_id} shares {listed}{with_whom}: {asked}, {_found(one)}"


def _found(one: LinkedCustomer) -> str:
    """What was found of a customer's requests, in English."""
    every = {1: "", 2: "both "}.get(one.requests, "all ")
    if one.requests and one.abuse == one.requests:
        return f"{every}found to be abuse"
    if one.requests and one.honest == one.requests:
        return f"{every}found legitimate"
    told = [
        *([f"{one.abuse} found to be abuse"] if one.abuse else []),
        *([f"{one.honest} found legitimate"] if one.honest else []),
    ]
    return ", ".join(told) or "none with a verdict"


def _chinese(links: Links, one: LinkedCustomer) -> str:
    things = LISTED["zh"].join(thing["zh"] for thing in _things(links, one))
    with_whom = "" if one.step == 1 else "（与上述客户）"
    told = [
        *([f"{one.abuse}次被认定滥用"] if one.abuse else []),
        *([f"{one.honest}次属实"] if one.honest else []),
    ]
    found = LISTED["zh"].join(told) or "均无认定"
    return f"{one.customer_id} 共用{things}{with_whom}：申请{one.requests}次，{found}"
