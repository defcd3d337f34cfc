"""What speaks against a customer does so only as the trade means it: one fact varied at a time."""

from __future__ import annotations

import pytest

from tests.risk.one_request import ASKED, DELIVERED, KNOWN, PLACED, order, request, value
from tests.worlds import DAY, HOUR, Fact


def photo(name: str, given: int, **more: object) -> Fact:
    return {"evidence_id": f"E{name}{given}", "refund_id": name, "submitted_at": given,
            "kind": "photo", "content_hash": "vase", **more}  # fmt: skip


def two(first: Fact, second: Fact, **of_second: object) -> dict[str, list[Fact]]:
    """Two customers with a picture each."""
    return {"orders": [order("A"), order("B", sku="T", **of_second)],
            "refunds": [request("A"), request("B")], "evidence": [first, second]}  # fmt: skip


@pytest.mark.parametrize("kind", ["just_under_hundred", "refund_only_just_under"])
def test_a_price_is_no_sign(kind: str) -> None:
    assert KNOWN[kind].retired


def test_of_two_who_gave_a_picture_the_first_is_not_the_suspect() -> None:
    world = two(photo("A", ASKED), photo("B", ASKED + DAY))
    assert [value("photo_given_before", name, **world) for name in "AB"] == [0, 1]


@pytest.mark.parametrize(("article", "counted"), [("S", 0), ("T", 1)])
def test_a_household_shares_pictures_of_one_article(article: str, counted: int) -> None:
    world = two(photo("A", ASKED), photo("B", ASKED + DAY))
    world["orders"] = [order(n, device_id="D", sku=s) for n, s in (("A", "S"), ("B", article))]
    assert value("photo_given_before", "B", **world) == counted


def test_ones_own_picture_is_no_copy() -> None:
    world = two(photo("A", ASKED), photo("B", ASKED + DAY), customer_id="A")
    assert value("photo_given_before", "B", **world) == 0


@pytest.mark.parametrize(("early", "counted"), [(HOUR, 0), (2 * DAY, 0), (2 * DAY + 1, 1)])
def test_clocks_have_two_days_of_grace(early: int, counted: int) -> None:
    parcels = [{"order_id": "A", "direction": "outbound", "status": "delivered", "courier": "UPS",
                "occurred_at": DELIVERED}]  # fmt: skip
    for feature, then in (("captured_well_before_order", PLACED),
                          ("captured_long_before_delivery", DELIVERED)):  # fmt: skip
        given = [photo("A", ASKED, captured_at=then - early)]
        assert value(feature, shipments=parcels, evidence=given) == counted


@pytest.mark.parametrize(("after", "counted"), [(-DAY, 1), (0, 1), (1, 0), (DAY, 0)])
def test_what_comes_after_it_was_missed_contradicts_nothing(after: int, counted: int) -> None:
    parcels = [{"order_id": "A", "direction": "outbound", "status": "delivered", "courier": "UPS",
                "occurred_at": ASKED + after, "received_by": "customer"}]  # fmt: skip
    asked = [request("A", reason_code="not_received", claims_received=False)]
    for feature in ("missing_after_delivery", "missing_after_signature", "denied_after_delivery"):
        assert value(f"claim_{feature}", shipments=parcels, refunds=asked) == counted


@pytest.mark.parametrize(("article", "counted"), [("S", [0, 0, 0]), ("T", [0, 1, 2])])
def test_words_are_a_copy_of_earlier_ones_about_other_articles(
    article: str, counted: list[int]
) -> None:
    asked = [
        request("A"),
        *(request(n, requested_at=ASKED + at) for n, at in (("B", -9), ("C", 9))),
    ]
    goods = {"A": "S", "B": article, "C": article if article == "S" else "U"}
    world = {"orders": [order(name, sku=sku) for name, sku in goods.items()], "refunds": asked}
    assert [value("text_copied_elsewhere", name, **world) for name in "BAC"] == counted
    assert KNOWN["text_copied_elsewhere"].monotone == 1


@pytest.mark.parametrize("text", ["It doesn't work.", "没收到", "坏了不能用", "The zip is broken."])
def test_brief_words_are_nobodys_own(text: str) -> None:
    asked = [request(n, reason_text=text, requested_at=ASKED + at) for at, n in enumerate("AB")]
    world = {"orders": [order("A"), order("B", sku="T")], "refunds": asked}
    assert value("text_copied_elsewhere", "B", **world) == 0
