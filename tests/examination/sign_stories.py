"""Stories that signs are told by."""

from __future__ import annotations

from dataclasses import replace

from tests.examination.stories import (
    SAME_ORDER,
    Ago,
    Earlier,
    Event,
    Facts,
    Item,
    Story,
)

PLAIN = Story()
ME: Facts = {"customer_id": "@me", "merchant_id": "@shop", "account_created_at": Ago(700)}
MINE = Story(order=ME)
VAGUE = "It is not good."
MISSING: Facts = {"reason_code": "not_received", "claims_received": False}
RETURN: Facts = {"type": "return_and_refund", "reason_code": "defective"}
COAT: Facts = {"sku": "@coat", "merchant_id": "@shop"}
COPY: Facts = {"content_hash": "@picture"}
NEW: Facts = {"account_created_at": Ago(8)}


def at(status: str, days: float, **more: object) -> Event:
    """An event of a parcel that was known when it happened."""
    return Event(status, days, {"known_at": Ago(days), **more})


def once(days: float, **refund: object) -> Story:
    """A request of the same customer so many days before, known as it went on."""
    return Story(
        order={**ME, "placed_at": Ago(days + 6), "known_at": Ago(days + 6)},
        parcels=(at("shipped", days + 5), at("delivered", days + 3, received_by="customer")),
        refund={"requested_at": Ago(days), "known_at": Ago(days), **refund},
    )


def before(days: float, outcome: Facts | None = None, **refund: object) -> Earlier:
    """The same as an earlier case, and what was found a day later."""
    found = {**outcome, "decided_at": Ago(days - 1), "known_at": Ago(days - 1)} if outcome else None
    return Earlier(once(days, **refund), found)


def after(*earlier: Earlier) -> Story:
    """A case of somebody with these earlier ones."""
    return replace(MINE, earlier=earlier)


def refund_only(times: int) -> Story:
    """The next refund-only request within a month."""
    return after(*(before(3 * n + 2) for n in range(times)))


def back(days: float, condition: str | None, reason: str = "unwanted") -> Earlier:
    """An earlier return, and what was found of what came back."""
    story = once(days, type="return_and_refund", reason_code=reason)
    parcels = (at("shipped", days - 1), at("delivered", days - 3))
    return Earlier(replace(story, back=parcels, inspection=condition))


def returns(times: int) -> Story:
    """A case of somebody who returned so many articles before, as they were sent."""
    return after(*(back(30 + 10 * n, "as_sent") for n in range(times)))


def others(shared: Facts, outcome: Facts | None, times: int, *, fresh: bool = True) -> Story:
    """A case of somebody who shares something with so many others, whom nobody else knows."""
    story = Story(order=shared, refund={"payout_account": shared["payout_account"]}
                  if "payout_account" in shared else {})  # fmt: skip
    order = {name: value for name, value in shared.items() if name != "payout_account"}
    story = replace(story, order={**order, **(NEW if fresh else {})})
    return replace(story, earlier=(Earlier(replace(story, order=order), outcome),) * times)


def found(outcome: Facts, times: int) -> Story:
    """A case of somebody of whom this was found so many times."""
    return after(*(before(20 + 10 * n, outcome) for n in range(times)))


def said(text: str, **refund: object) -> Story:
    return PLAIN.but(refund={"reason_text": text, **refund})


def copied(times: int, order: Facts = {}, text: str = "") -> Story:  # noqa: B006 - never changed
    """A request in words that so many others had used before."""
    one = Story(order=order, refund={"reason_text": text or SAME_WORDS})
    return replace(one, earlier=(Earlier(one),) * times)


def of(**order: object) -> Story:
    return Story(order=order)


def shown(*items: Item) -> Story:
    return Story(evidence=items, later=True)


def bad_batch(outcome: Facts | None, times: int) -> Story:
    """An article that unlinked customers complained of."""
    return Story(order=COAT, earlier=(Earlier(Story(order=COAT), outcome),) * times)


def basket(pieces: int) -> Story:
    """A whole basket asked back."""
    lines = tuple({"sku": f"@line{n}", "amount": "60.00", "quantity": 4} for n in range(pieces))
    total = 259 + 60 * pieces
    return PLAIN.but(refund={"amount": f"{total}.00"}, order={"quantity": 4}).but(lines=lines)


WITHDRAWN = Earlier(replace(once(4), withdrawn=True))
SAME = Story(order=SAME_ORDER)
BEFORE = Story(order={**SAME_ORDER, "known_at": Ago(2)}, refund={"requested_at": Ago(2)})


def anew(story: Story, outcome: Facts | None = None) -> Story:
    """A case about an order that was asked for so before."""
    return replace(SAME, earlier=(Earlier(story, outcome),))


def two_parcels(*events: tuple[str, str, float], **refund: object) -> Story:
    """Two articles in a parcel each: what became of the parcels `a` and `b`, and how long ago."""
    about = {**MISSING, "reason_text": "One of the two parcels did not come.", "amount": "80.00"}
    parcels = (("a", "shipped", 5.0), ("b", "shipped", 4.0), *events)
    return Story(
        lines=({"amount": "80.00", "sku": "@other"},), refund={**about, **refund},
        parcels=tuple(Event(status, days, {"tracking_no": f"@{name}", **SIGNED_FOR[status]})
                      for name, status, days in parcels),
    )  # fmt: skip


SIGNED_FOR: dict[str, Facts] = {"shipped": {}, "lost": {}, "delivered": {"received_by": "customer"}}
CAME = ("a", "delivered", 3.0)
GONE = ("b", "lost", 1.0)
ALL: Facts = {"amount": "339.00"}
LINE: Facts = {"line_id": "2"}
SHORT: Facts = {"reason_code": "missing_item", "claims_received": True}
OTHER_LINE: Facts = {"line_id": "2", "reason_code": "wrong_item", "amount": "80.00"}
SCANNED = (Event("shipped", 5), Event("delivered", 3))
LOCKER = (Event("shipped", 5), Event("delivered", 3, {"received_by": "locker"}))
NEIGHBOUR = (Event("shipped", 5), Event("delivered", 3, {"received_by": "neighbour"}))
ANGRY = "THIS IS A SCANDAL!!! I am furious, the zip of the left pocket tore off the first evening!"
SPELLED = "teh zipp of teh left poket tor off wen i closd it teh frist evning"
CHINESE = "左边口袋的拉链第一天晚上一拉就断了。"
GERMAN = "Der Reißverschluss der linken Tasche riss am ersten Abend ab, als ich sie schloss."
LONG = (
    "The zip of the left pocket tore off when I closed it the first evening. I had worn the coat "
    "for a walk of half an hour and put my keys into the pocket. When I came home I pulled at the "
    "zip and its slider came off with two of the teeth. The other pocket is as it should be."
)
SAME_WORDS = (
    "The stitching along the left shoulder is uneven, and the fabric feels much thinner than shown."
)
EARLY: Facts = {**MISSING, "requested_at": Ago(1.5)}
LATE = (Event("shipped", 5), Event("delivered", 1, {"received_by": "customer"}))
QUICK = PLAIN.but(
    parcels=(Event("shipped", 5.6), Event("delivered", 5.2, {"received_by": "customer"}))
)
CARD: Facts = {"payment_instrument": "@card"}
DEVICE: Facts = {"device_id": "@device"}
PAYOUT: Facts = {"payout_account": "@account"}
HOME: Facts = {"shipping_address": "@street 1"}
PHONE: Facts = {"phone": "+86 138 0000 0000"}
