"""Pairs of cases that differ in one sign of the trade: what a learned model should make of it.

Nothing here is decided by a rule: the probabilities are compared. What is no sign may move one a
little, since no model is exact; what is forbidden may not move it at all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import httpx

from tests.examination.stories import (
    FRAUD,
    HONEST,
    SAME_ORDER,
    Ago,
    Decision,
    Earlier,
    Event,
    Facts,
    Item,
    Story,
    Telling,
)

Direction = Literal["up", "not down", "down", "not up", "no sign", "forbidden"]

A_LITTLE = 0.35
"""How far (log-odds) what is no sign may move a probability: .05 to .07."""

NEARLY = 0.05
"""How far it may move against its sign: all cases of a store are told in the same words, and how
often others used them moves each a little."""

EXACT = 1e-9


def log_odds(decision: Decision) -> float:
    """Those of the decision's probability."""
    probability = float(decision["probability"])
    return math.log(probability / (1 - probability))


@dataclass(frozen=True, slots=True)
class Sign:
    """What the other case has that the first has not, and where that should move a model."""

    name: str
    one: Story
    other: Story
    direction: Direction

    def fault_of(self, client: httpx.Client, name: str) -> str | None:
        """What is wrong with how a service decides the two, each among facts of its own."""
        return self.fault(
            Telling(client, f"{name}a").tell(self.one), Telling(client, f"{name}b").tell(self.other)
        )

    def fault(self, one: Decision, other: Decision) -> str | None:
        """How the probabilities moved, where that is wrong."""
        moved = log_odds(other) - log_odds(one)
        right = {
            "up": moved > EXACT,
            "not down": moved >= -NEARLY,
            "down": moved < -EXACT,
            "not up": moved <= NEARLY,
            "no sign": abs(moved) <= A_LITTLE,
            "forbidden": abs(moved) <= EXACT,
        }[self.direction]
        if right:
            return None
        before, after = one["probability"], other["probability"]
        return f"{self.direction}: {before:.3f} to {after:.3f} ({moved:+.2f})"


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

SIGNS = (
    # What the customer did before.
    Sign("a third refund-only request in a month", refund_only(0), refund_only(2), "up"),
    Sign("the fifth", refund_only(2), refund_only(4), "not down"),
    Sign("the seventh", refund_only(4), refund_only(6), "not down"),
    Sign("the tenth", refund_only(5), refund_only(9), "not down"),
    Sign("refund-only three times, looked into and justified", refund_only(3),
         found(HONEST, 3), "not up"),
    Sign("one fraud found", after(before(20)), found(FRAUD, 1), "up"),
    Sign("three frauds found, or one", found(FRAUD, 1), found(FRAUD, 3), "up"),
    Sign("one abuse found", after(before(20)), found({"verdict": "abuse"}, 1), "up"),
    Sign("found honest once", after(before(20)), found(HONEST, 1), "not up"),
    Sign("found honest three times", found(HONEST, 1), found(HONEST, 3), "not up"),
    Sign("the shop was at fault before", after(before(20)),
         found({"verdict": "merchant_fault"}, 1), "not up"),
    Sign("the courier was at fault before", after(before(20)),
         found({"verdict": "courier_fault"}, 1), "not up"),
    Sign("returned as sent", MINE, returns(2), "not up"),
    Sign("returned as sent again and again", returns(2), returns(5), "not up"),
    Sign("withdrawn and asked anew", MINE, after(WITHDRAWN), "no sign"),
    Sign("the same goods asked for anew, nothing having been determined", SAME,
         anew(BEFORE, {"verdict": "undetermined"}), "no sign"),
    Sign("the same goods asked for anew, having been withdrawn", SAME,
         anew(replace(BEFORE, withdrawn=True)), "no sign"),
    Sign("an exchange turned into a refund", SAME, anew(BEFORE.but(refund={"type": "exchange"})),
         "no sign"),
    Sign("another line of the order for another reason", SAME,
         anew(BEFORE.but(refund=OTHER_LINE, lines=({"amount": "80.00", "sku": "@other"},))),
         "no sign"),
    # What is shared.
    Sign("a card shared with one abuser", others(CARD, None, 1), others(CARD, FRAUD, 1), "up"),
    Sign("a card shared with three", others(CARD, FRAUD, 1), others(CARD, FRAUD, 3), "not down"),
    Sign("a device shared with one abuser", others(DEVICE, None, 1), others(DEVICE, FRAUD, 1),
         "up"),
    Sign("a device shared with three", others(DEVICE, FRAUD, 1), others(DEVICE, FRAUD, 3),
         "not down"),
    Sign("a payout account shared with one abuser", others(PAYOUT, None, 1),
         others(PAYOUT, FRAUD, 1), "up"),
    Sign("a payout account shared with three", others(PAYOUT, FRAUD, 1),
         others(PAYOUT, FRAUD, 3), "not down"),
    Sign("an address shared with three abusers", others(HOME, None, 3), others(HOME, FRAUD, 3),
         "not down"),
    Sign("a phone shared with three abusers", others(PHONE, None, 3), others(PHONE, FRAUD, 3),
         "not down"),
    Sign("card, device and account shared with three abusers",
         others({**CARD, **DEVICE, **PAYOUT}, None, 3),
         others({**CARD, **DEVICE, **PAYOUT}, FRAUD, 3), "up"),
    Sign("a card shared with one found honest", others(CARD, None, 1), others(CARD, HONEST, 1),
         "not up"),
    Sign("a card shared with three found honest", others(CARD, HONEST, 1),
         others(CARD, HONEST, 3), "not up"),
    Sign("a family found honest", others({**CARD, **HOME, **PHONE}, None, 3),
         others({**CARD, **HOME, **PHONE}, HONEST, 3), "not up"),
    Sign("a home with three others", PLAIN, others(HOME, None, 3, fresh=False), "no sign"),
    Sign("a dormitory of thirty", PLAIN, others(HOME, None, 30, fresh=False), "no sign"),
    Sign("a dormitory of thirty, of whom five were found honest",
         others(HOME, None, 30, fresh=False), others(HOME, HONEST, 30, fresh=False), "not up"),
    # What is claimed against what is on record.
    Sign("not received against one's own signature",
         PLAIN.but(refund=MISSING, parcels=SCANNED), PLAIN.but(refund=MISSING), "up"),
    Sign("not received, a bare scan", PLAIN.but(refund=MISSING, parcels=(Event("shipped", 5),)),
         PLAIN.but(refund=MISSING, parcels=SCANNED), "not down"),
    Sign("not received, a locker", PLAIN.but(refund=MISSING),
         PLAIN.but(refund=MISSING, parcels=LOCKER), "not up"),
    Sign("not received, a neighbour", PLAIN.but(refund=MISSING),
         PLAIN.but(refund=MISSING, parcels=NEIGHBOUR), "not up"),
    Sign("not received, lost by the courier", PLAIN.but(refund=MISSING, parcels=SCANNED),
         PLAIN.but(refund=MISSING, parcels=(Event("shipped", 5), Event("lost", 1))), "down"),
    Sign("all of it not received, one of two parcels signed for", two_parcels(**ALL),
         two_parcels(CAME, **ALL), "not up"),
    Sign("all of it not received, one of two parcels signed for and the other lost",
         two_parcels(GONE, **ALL), two_parcels(CAME, GONE, **ALL), "not up"),
    Sign("a line not received, one of two parcels signed for", two_parcels(**LINE),
         two_parcels(CAME, **LINE), "not up"),
    Sign("a line missing, one of two parcels signed for", two_parcels(**LINE, **SHORT),
         two_parcels(CAME, **LINE, **SHORT), "not up"),
    Sign("all of it not received, both parcels signed for", two_parcels(CAME, **ALL),
         two_parcels(CAME, ("b", "delivered", 1.0), **ALL), "up"),
    Sign("words that contradict the claim", said("The zip tore off the first evening."),
         said("It arrived broken. I never received it. It works, but I do not like it."),
         "not down"),
    Sign("a reason that has nothing to do with the article",
         PLAIN.but(order={"category": "fresh"}, refund={"reason_text": "The apples are rotten."}),
         PLAIN.but(order={"category": "fresh"},
                   refund={"reason_text": "The screen flickers and the battery is flat."}),
         "not down"),
    Sign("a whole basket of many pieces", basket(1), basket(9), "not down"),
    Sign("not received, signed for after it was said",
         PLAIN.but(refund=EARLY, parcels=(Event("shipped", 5),)),
         PLAIN.but(refund=EARLY, parcels=LATE), "not up"),
    # Proof.
    Sign("a fitting photo", PLAIN, shown(Item("photo")), "not up"),
    Sign("a photo and a film", shown(Item("photo")), shown(Item("photo"), Item("video")),
         "not up"),
    Sign("an express no, vague", said(VAGUE),
         said(VAGUE).but(evidence=(Item("declined"),), later=True), "up"),
    Sign("an express no, said well", PLAIN, shown(Item("declined")), "not down"),
    Sign("silence", PLAIN, shown(Item("unanswered")), "no sign"),
    Sign("a picture used before by another", shown(Item("photo", more=COPY)),
         Story(evidence=(Item("photo", more=COPY),), later=True,
               earlier=(Earlier(shown(Item("photo", more=COPY))),)), "up"),
    Sign("a picture used before by three others",
         Story(evidence=(Item("photo", more=COPY),), later=True,
               earlier=(Earlier(shown(Item("photo", more=COPY))),)),
         Story(evidence=(Item("photo", more=COPY),), later=True,
               earlier=(Earlier(shown(Item("photo", more=COPY))),) * 3), "not down"),
    Sign("a picture taken long before the order",
         shown(Item("photo", more={"captured_at": Ago(1)})),
         shown(Item("photo", more={"captured_at": Ago(60)})), "not down"),
    Sign("a picture taken a day before the courier's scan",
         shown(Item("photo", more={"captured_at": Ago(2.9)})),
         shown(Item("photo", more={"captured_at": Ago(4)})), "no sign"),
    Sign("a picture taken hours before the order, by its clock",
         QUICK.but(evidence=(Item("photo", more={"captured_at": Ago(5.1)}),), later=True),
         QUICK.but(evidence=(Item("photo", more={"captured_at": Ago(6.3)}),), later=True),
         "no sign"),
    Sign("a picture without a record", shown(Item("photo", more={"captured_at": Ago(1)})),
         shown(Item("photo")), "no sign"),
    # What came back.
    Sign("the shop says that an empty box came back before", after(back(30, None)),
         after(back(30, "empty")), "not down"),
    Sign("the shop says that another article came back before", after(back(30, None)),
         after(back(30, "different_item")), "not down"),
    Sign("a box of half the weight", PLAIN.but(
        refund=RETURN, parcels=(Event("shipped", 5, {"weight_g": 1900}), SCANNED[1]),
        back=(Event("shipped", 1, {"weight_g": 1880}),)), PLAIN.but(
        refund=RETURN, parcels=(Event("shipped", 5, {"weight_g": 1900}), SCANNED[1]),
        back=(Event("shipped", 1, {"weight_g": 300}),)), "not down"),
    # Faults of others.
    Sign("five others complained of the article", bad_batch(None, 0), bad_batch(None, 5),
         "not up"),
    Sign("five found the article at fault", bad_batch(None, 5),
         bad_batch({"verdict": "merchant_fault"}, 5), "not up"),
    Sign("five found honest with the article", bad_batch(None, 5), bad_batch(HONEST, 5),
         "not up"),
    # Words of others.
    Sign("words that eight others had used", said(SAME_WORDS), copied(8), "not down"),
    Sign("words that others of the article had used", PLAIN.but(order=COAT), copied(8, COAT),
         "no sign"),
    Sign("brief words that others had used", said("does not work"), copied(8, text="does not work"),
         "no sign"),
    # No sign at all.
    Sign("brief", PLAIN, said("Zip broken."), "no sign"),
    Sign("nothing said", PLAIN, said(""), "no sign"),
    Sign("one word", said(""), said("broken"), "no sign"),
    Sign("three words", PLAIN, said("does not work"), "no sign"),
    Sign("two characters", PLAIN, said("坏了"), "no sign"),
    Sign("in words nobody knows", PLAIN, said("ne marche pas"), "no sign"),
    Sign("vague", PLAIN, said(VAGUE), "not down"),
    Sign("long", PLAIN, said(LONG), "no sign"),
    Sign("angry", PLAIN, said(ANGRY), "no sign"),
    Sign("badly spelled", PLAIN, said(SPELLED), "no sign"),
    Sign("in Chinese", PLAIN, said(CHINESE), "no sign"),
    Sign("in German", PLAIN, said(GERMAN), "no sign"),
    Sign("in traditional characters", said("左边口袋的拉链坏了"), said("左邊口袋的拉鏈壞了"),
         "no sign"),
    Sign("in Cantonese", said("拉链坏了，不想要了"), said("條拉鏈壞咗，唔要喇"), "no sign"),
    Sign("given up for its fault", said("The zip of my coat tore off."),
         said("The zip of my coat tore off, I don't want it any more."), "no sign"),
    Sign("no longer what it was", said("The zip tore off."), said("The zip no longer closes."),
         "no sign"),
    Sign("a fault, and a wait for an answer", said("The zip of my coat tore off."),
         said("The zip of my coat tore off, and I am still waiting for your reply."), "no sign"),
    Sign("asked when it comes", said("My parcel did not come.", **MISSING),
         said("When will my parcel arrive?", **MISSING), "no sign"),
    Sign("waited too long", said("My parcel did not come.", **MISSING),
         said("My parcel did not come, it takes too long.", **MISSING), "no sign"),
    Sign("not come, in traditional characters", said("包裹一直没收到", **MISSING),
         said("包裹一直沒收到", **MISSING), "no sign"),
    Sign("a phone that shows a delivery", said("显示已签收，我没收到", **MISSING),
         said("手机显示已签收，我没收到", **MISSING), "no sign"),
    Sign("a death in the family", said("床还没用，想退掉"), said("母亲去世了，床还没用，想退掉"),
         "no sign"),
    Sign("a change of mind under a fault", said("The zip of my coat tore off."),
         said("Nothing wrong with it, my wife already bought one."), "up"),
    Sign("a new account", of(account_created_at=Ago(400)), of(account_created_at=Ago(7)),
         "no sign"),
    Sign("half the price", PLAIN, PLAIN.but(refund={"amount": "129.50"}), "no sign"),
    Sign("a price just under a hundred, asked back whole", of(amount="505.00"), of(amount="499.00"),
         "no sign"),
    Sign("a price just under ten thousand", of(amount="9400.00"), of(amount="9800.00"), "no sign"),
    Sign("live", of(channel="shop"), of(channel="live"), "no sign"),
    Sign("shoes, or a coat", of(category="apparel"), of(category="shoes"), "no sign"),
    Sign("an expensive article", of(amount="259.00"), of(amount="1900.00"), "no sign"),
    # Forbidden.
    Sign("the IP", of(ip="203.0.113.7"), of(ip="198.51.100.20"), "forbidden"),
    Sign("the spending tier", of(customer_tier="regular"), of(customer_tier="vip"), "forbidden"),
    Sign("sex and age", said("The zip of my coat tore off."),
         said("The zip of my coat tore off. I am a woman of 71."), "no sign"),
    Sign("health", said("The zip of my coat tore off."),
         said("The zip of my coat tore off. I am in a wheelchair."), "no sign"),
    Sign("the region", of(shipping_address="北京市朝阳区建国路1号"),
         of(shipping_address="贵州省毕节市七星关区建国路1号"), "forbidden"),
)  # fmt: skip
