"""An express no of somebody who was found abusing is no better an answer than silence."""

from __future__ import annotations

import httpx
import pytest

from tests.examination.stories import Earlier, Facts, Item, Story, Telling

ABUSE: Facts = {"verdict": "fraud"}
HONEST: Facts = {"verdict": "legitimate"}
OWN: Facts = {"customer_id": "@own", "amount": "499.00", "category": "home"}


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


def claim(kind: str | None, *found: Facts, amount: str = "499.00") -> Story:
    """A fault of something that is kept, of somebody whom this was found of."""
    refund: Facts = {
        "type": "refund_only", "reason_code": "not_as_described", "claims_received": True,
        "reason_text": "not what I wanted, it has no power at all",
    }  # fmt: skip
    earlier = tuple(Earlier(Story(order=OWN, refund=refund), one) for one in found)
    items = (Item(kind),) if kind else ()
    order = {**OWN, "amount": amount}
    return Story(order=order, refund=refund, earlier=earlier, evidence=items, later=True)


def rules(client: httpx.Client, name: str, story: Story) -> tuple[str, set[str]]:
    decision = Telling(client, name).tell(story)
    return decision["tier"], {rule["id"] for rule in decision["rules"]}


def test_who_was_found_abusing_and_declines_is_heard_by_a_person(client: httpx.Client) -> None:
    tier, applied = rules(client, "declines", claim("declined", ABUSE, ABUSE))
    assert tier == "platform_intervention"
    assert "declined_found" in applied


@pytest.mark.parametrize(
    ("name", "story"),
    [
        ("silent", claim("unanswered", ABUSE, ABUSE)),
        ("shows", claim("photo", ABUSE, ABUSE)),
        ("nobody found", claim("declined")),
        ("often found honest", claim("declined", ABUSE, *(HONEST,) * 5)),
        ("cheap", claim("declined", ABUSE, amount="60.00")),
    ],
)
def test_others_are_not(client: httpx.Client, name: str, story: Story) -> None:
    assert "declined_found" not in rules(client, name, story)[1]
