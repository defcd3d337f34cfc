"""A shop's no to a record that it was asked for is not its no to the refund."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import httpx
import pytest

from tests.api.test_kinds_of_purchase import asked
from tests.examination.stories import Ago, Decision, Item, Story, Telling
from tests.risk.policy_cases import case, decided

_numbers = count(1)
NO, SILENT = Item("declined", "merchant"), Item("unanswered", "merchant")
ANSWER = Item("declined", "merchant", {"asked_at": Ago(0.02)})
WORDS, RECORD = Item("chat", "merchant"), Item("document", "merchant")
KINDS = [("上门维修", "not_received"), ("hotel", "not_received"), ("家电清洗", "late"),
         ("game_keys", "not_received")]  # fmt: skip


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


def told(client: httpx.Client, story: Story) -> Decision:
    return Telling(client, f"noes{next(_numbers)}").tell(story)


def service(category: str, reason: str, amount: str = "300.00", *given: Item, **more: Any) -> Story:
    order = {"amount": amount}
    return asked("refund_only", reason, category, order=order, evidence=given, **more)


def asks(decision: Decision) -> list[tuple[str, str]]:
    return [(one["from"], one["kind"]) for one in decision["required_evidence"]]


def rule(decision: Decision) -> str:
    return next((r["text"]["en"] for r in decision["rules"] if r["id"] == "record_refused"), "")


@pytest.mark.parametrize(("category", "reason"), KINDS)
def test_a_shop_that_refuses_the_refund_is_still_asked_for_its_record(
    client: httpx.Client, category: str, reason: str
) -> None:
    decision = told(client, service(category, reason, "300.00", NO))
    assert decision["tier"] == "request_evidence", "its no answers no question"
    assert asks(decision) == [("merchant", "document")]
    assert decision["recommended"]["action"] == "ask_merchant"
    shown = told(client, service(category, reason, "300.00", NO, RECORD))
    assert shown["tier"] == "platform_intervention"


@pytest.mark.parametrize(("category", "reason"), KINDS)
@pytest.mark.parametrize("given", [(NO,), (ANSWER,)])
def test_who_shows_no_record_keeps_no_small_amount_back(
    client: httpx.Client, category: str, reason: str, given: tuple[Item, ...]
) -> None:
    decision = told(client, service(category, reason, "300.00", *given, later=True))
    assert (decision["tier"], decision["conditions"]) == ("approve", [])
    assert "nothing is kept back for that" in rule(decision)
    silent = told(client, service(category, reason, "3000.00", SILENT, later=True))
    assert (silent["tier"], rule(silent)) == ("approve", ""), "nobody waits for the silent"


@pytest.mark.parametrize(("category", "reason"), KINDS)
@pytest.mark.parametrize(("amount", "more"), [("3000.00", ()), ("300.00", (WORDS,))])
def test_both_are_heard_where_the_shop_says_why_or_much_is_at_stake(
    client: httpx.Client, category: str, reason: str, amount: str, more: tuple[Item, ...]
) -> None:
    decision = told(client, service(category, reason, amount, *more, NO, later=True))
    assert decision["tier"] == "platform_intervention"
    assert "a person hears both" in rule(decision)
    assert decision["recommended"]["step"] == "no_record"
    assert "shows no record" in decision["recommended"]["text"]["en"]
    assert "未提供记录" in decision["recommended"]["text"]["zh"]


def test_a_no_to_the_record_is_none_to_the_refund(client: httpx.Client) -> None:
    """A code with a fault: the shop is asked for its record first, then whether it agrees."""
    story = service("game_keys", "defective")
    assert asks(told(client, story)) == [("merchant", "document")]
    once = told(client, story.but(evidence=(ANSWER,), later=True))
    assert (once["tier"], once["conditions"]) == ("approve", ["merchant_consent"])
    assert once["recommended"]["step"] == "consent"
    assert "asked now whether it agrees" in rule(once)
    twice = told(client, story.but(evidence=(ANSWER, NO), later=True))
    assert twice["tier"] == "platform_intervention"
    assert twice["recommended"]["step"] == "shop_declined"
    at_first = told(client, story.but(evidence=(NO,)))
    assert asks(at_first) == [("merchant", "document")], "it was said of the refund"
    small = story.but(order={"amount": "15.00"}, evidence=(NO,))
    assert told(client, small)["recommended"]["step"] == "shop_declined", "no record is asked for"


@pytest.mark.parametrize("category", ["家政服务", "旅游"])
def test_a_no_where_the_shop_was_asked_whether_it_agrees_stays_one(
    client: httpx.Client, category: str
) -> None:
    decision = told(client, service(category, "not_as_described", "300.00", NO, later=True))
    assert decision["recommended"]["step"] == "shop_declined"


def test_of_goods_too_a_shop_that_refuses_is_asked_what_it_knows(client: httpx.Client) -> None:
    missing = {"reason_code": "not_received", "claims_received": False}
    unsent = told(client, Story(parcels=(), refund=missing, evidence=(NO,)))
    assert unsent["recommended"]["step"] == "dispatch"
    short = {"reason_code": "missing_item", "claims_received": True}
    dear = Story(order={"amount": "3000.00"}, refund=short, evidence=(NO,))
    assert ("merchant", "video") in asks(told(client, dear))
    heard = told(client, dear.but(evidence=(ANSWER,), later=True))
    assert ("merchant", "video") not in asks(heard)


def test_a_shop_that_refuses_and_then_shows_nothing_has_declined() -> None:
    code = case(0.05, 300.0, reason_code="defective", category="game_keys", claims_received=True)
    refused = (("declined", "merchant"),)
    first = decided(replace(code, evidence=refused, shop_refusals=1))
    assert first.tier == "request_evidence"
    for more in (("unanswered", "merchant"), ("declined", "merchant")):
        then = decided(replace(code, evidence=(*refused, more), shop_refusals=1))
        assert (then.tier, then.why.id) == ("platform_intervention", "shop_declined")
