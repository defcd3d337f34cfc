"""Whoever has long shared a card with somebody is asked from their group's threshold on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from risk.facts.format import iso
from risk.facts.units import DAY_MS
from risk.history.connection.connect import now_ms
from risk.model import OF_GROUP, PROVEN, Bundle, linear_calibration
from tests.api.serving import Running, StoreClient, small_bundle
from tests.deciders import body

_numbers = count(1)


def even(household: float) -> Bundle:
    """A model to which every case is as likely abuse as not, and a household's threshold."""
    made, flat = small_bundle(), linear_calibration("platt", 1e-9, 0.0)
    lanes = {name: replace(lane, calibration=flat) for name, lane in made.lanes.items()}
    return replace(made, lanes=lanes, thresholds={PROVEN: 0.1, f"{OF_GROUP}household": household})


@pytest.fixture(scope="module")
def client(served: Running) -> Iterator[StoreClient]:
    served.promote("even", even(0.9))
    with served.client() as client:
        yield client


def decided(client: StoreClient, shared_for: int | None, amount: str = "899.00") -> dict[str, Any]:
    """The decision on a request of somebody whose card another customer has had for some days."""
    name, now = f"H-{next(_numbers)}", now_ms()
    one = body(name, amount=amount)
    one["order"][0] |= {"amount": amount, "payment_instrument": f"card-{name}"}
    if shared_for is not None:
        then = iso(now - shared_for * DAY_MS)
        other = {
            "order_id": f"O-{name}-other", "customer_id": f"C-{name}-other", "amount": "20.00",
            "placed_at": then, "known_at": then, "payment_instrument": f"card-{name}",
        }  # fmt: skip
        client.post("/v1/orders", json=[other]).raise_for_status()
    answer = client.post("/v1/refunds/score", json=one)
    answer.raise_for_status()
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.parametrize("shared_for", [None, 3, 100])
def test_whoever_shares_nothing_or_not_for_long_is_asked_as_all_are(
    client: StoreClient, shared_for: int | None
) -> None:
    made = decided(client, shared_for)
    assert made["tier"] != "approve"
    assert made["probability"] == pytest.approx(0.5)


def test_a_household_is_not_asked_below_its_threshold_and_the_answer_says_so(
    served: Running, client: StoreClient
) -> None:
    made = decided(client, 200)
    assert made["tier"] == "approve"
    assert made["why"]["id"] == "cap_group"
    assert "0.90" in made["why"]["text"]["en"]
    assert "0.90" in made["why"]["text"]["zh"]
    model = client.get("/v1/model").json()
    assert model["thresholds"] == {PROVEN: 0.1, f"{OF_GROUP}household": 0.9}
    served.promote("even, nobody", even(1.0))
    nobody = decided(client, 200)["why"]
    assert nobody["id"] == "cap_group"
    assert "none of them is asked for more by the score alone" in nobody["text"]["en"]
    assert "1.00" not in nobody["text"]["en"] + nobody["text"]["zh"]
    served.promote("even, low", even(0.4))
    assert decided(client, 200)["tier"] != "approve"
    served.promote("even", even(0.9))


def test_what_a_crowd_shares_is_no_familys_and_nothing_of_its_own(
    served: Running, client: StoreClient
) -> None:
    """So many share the card that it links nobody: neither who has done so for long nor who has
    just come is asked any later for it."""
    of_group = {f"{OF_GROUP}household": 0.9, f"{OF_GROUP}newcomer": 0.9}
    served.promote("crowds", replace(even(0.9), thresholds={PROVEN: 0.1, **of_group}))
    for name, days, came in (("long", 200, 200), ("new", 8, 5)):
        then = iso(now_ms() - days * DAY_MS)
        client.post("/v1/orders", json=[
            {"order_id": f"O-{name}-{n}", "customer_id": f"C-{name}-{n}", "amount": "20.00",
             "placed_at": then, "known_at": then, "payment_instrument": f"card-{name}"}
            for n in range(20)
        ]).raise_for_status()  # fmt: skip
        one = body(f"crowd-{name}", amount="899.00")
        account = {"account_created_at": iso(now_ms() - came * DAY_MS)}
        one["order"][0] |= {"amount": "899.00", "payment_instrument": f"card-{name}", **account}
        made = client.post("/v1/refunds/score", json=one).json()
        assert made["linked"]["customers"] == 0
        assert made["tier"] != "approve"
    served.promote("even", even(0.9))
