"""Money of an order by the contract's words, over plain lists of facts: one request at a time.

A pot is what is about one line, or about the order as a whole: what about the whole order is
collected falls on its lines by what they cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from risk.features.order_money import OrderMoney
from risk.findings import NEGATIVE_VERDICTS
from tests.naive import AS_CLAIMED, Case
from tests.naive_revisions import Fact, Facts, seen

PAID_OUT = ("refunded", "partly_refunded")
NOT_SENT = ("different_item", "counterfeit", "empty")


def money_of(facts: Facts, refund_id: str, as_of: int) -> OrderMoney:
    """What is used up of the lines that a request is about."""
    case = Case.of(facts, refund_id, as_of)
    lines = {line["line_id"]: line for line in case.own["lines"]}
    if case.line is not None:
        lines[case.line["line_id"]] = case.line
    order_currency = case.s["currency"]
    currency = order_currency if case.line is None else case.line["currency"]
    one = _Order(facts, case, lines, as_of)
    own = next(r for r in _own_and_others(case, refund_id) if r["refund_id"] == refund_id)
    asked, granted = ({"line": 0, "order": 0, "other": 0} for _ in range(2))
    for request in _own_and_others(case, refund_id):
        pot = _pot(request, case.line, lines, order_currency)
        if request["refund_id"] != refund_id and pot:
            asked[pot] += one.asks(request)
            granted[pot] += one.granted(request)
    if currency == order_currency:
        granted["order"] += one.disputes()["lost"]
    paid = [line for line in lines.values() if line["currency"] == order_currency]
    left = sum(line["amount"] for line in paid) - sum(asked.values()) - sum(granted.values())
    asked["other"] = granted["other"] = 0
    if case.line is not None:
        for pots in (asked, granted):
            pots["order"] = _falls_on(case.line, paid, pots["order"])
    known = [case.line] if case.line is not None else paid
    return OrderMoney(
        sum(line["amount"] for line in known) if known else None,
        one.asks(own),
        sum(asked.values()),
        sum(granted.values()),
        currency or "CNY",
        left if paid and currency == order_currency else None,
        int(own["amount"]) - one.goods(own),
        sum(line["delivery_amount"] or 0 for line in known if line["currency"] == order_currency),
        one.disputes()["opened"] if currency == order_currency else 0,
        extras_before=sum(
            one.extras_used(request)
            for request in _own_and_others(case, refund_id)
            if request["refund_id"] != refund_id and _pot(request, case.line, lines, order_currency)
        ),
    )


def _own_and_others(case: Case, refund_id: str) -> list[Fact]:
    others = [r for r in case.own["requests"] if r["refund_id"] != refund_id]
    return [case.s, *others]


def _pot(request: Fact, line: Fact | None, lines: dict[str, Fact], currency: str) -> str:
    """Whether a request counts for the line, for the whole order, for another line of the order,
    or not at all for this case."""
    named = request["line_id"]
    if line is None:
        other = named in lines and lines[named]["currency"] != currency
        return "" if other else "order"
    if named == line["line_id"]:
        return "line"
    if line["currency"] != currency:
        return ""
    if named is None:
        return "order"
    return "other" if named not in lines or lines[named]["currency"] == currency else ""


def _falls_on(line: Fact, lines: Sequence[Fact], amount: int) -> int:
    """The line's part of an amount about the whole order: by price, the remainders to the last."""
    whole = sum(other["amount"] for other in lines)
    if whole == 0 or line not in lines:
        return 0
    unit = 100 if amount % 100 == 0 and whole % 100 == 0 else 1
    given = reached = 0
    for other in sorted(lines, key=lambda o: o["line_id"].encode()):
        reached += other["amount"]
        upto = Fraction(amount * reached, whole * unit).__floor__() * unit
        if other is line:
            return upto - given
        given = upto
    raise AssertionError("the line is one of them")


def _says_what(outcome: Fact) -> bool:
    """Whether an outcome says what was done, or paid."""
    return outcome["resolution"] is not None or outcome["amount"] is not None


class _Order:
    """The facts of one order as one case sees them."""

    def __init__(self, facts: Facts, case: Case, lines: dict[str, Fact], as_of: int) -> None:
        self.case, self.lines = case, lines
        self.own_id = case.s["refund_id"]
        self.before = {
            kind: seen(facts, kind, as_of)
            for kind in ("outcomes", "inspections", "payment_disputes")
        }

    def price(self, request: Fact) -> int | None:
        line = self.lines.get(request["line_id"] or "")
        if line is not None:
            return int(line["amount"])
        currency = self.case.s["currency"]
        prices = [o["amount"] for o in self.lines.values() if o["currency"] == currency]
        return sum(prices) if prices else None

    @staticmethod
    def goods(request: Fact) -> int:
        return int(request["amount"] - (request["postage"] or 0) - (request["compensation"] or 0))

    def article(self, request: Fact) -> int:
        """What another article costs: the price for a resend, else what the exchange asks."""
        goods, price = self.goods(request), self.price(request)
        if (request["type"] == "resend" or goods == 0) and price is not None:
            return price
        return goods

    def came_back(self, request: Fact) -> bool:
        arrived = [
            p for p in self.case.own["parcels"]
            if (p["direction"], p["status"]) == ("return", "delivered")
            and p["refund_id"] in (None, request["refund_id"])
            and (None in (p["line_id"], request["line_id"]) or p["line_id"] == request["line_id"])
        ]  # fmt: skip
        own = request["refund_id"] == self.own_id
        found = self.case.own["inspections"] if own else self.before["inspections"]
        conditions = [i["condition"] for i in found if i["refund_id"] == request["refund_id"]]
        wrong = [
            c for c in conditions
            if c in NOT_SENT and (request["reason_code"], c) not in AS_CLAIMED
        ]  # fmt: skip
        return bool(arrived or conditions) and not wrong

    def claim(self, request: Fact) -> int:
        if request["type"] == "repair":
            return 0
        if request["type"] == "exchange" and self.came_back(request):
            return 0
        if request["type"] in ("exchange", "resend"):
            return self.article(request)
        return self.goods(request)

    def answers(self, request: Fact) -> list[Fact]:
        """What outcomes did about a request; of the own case none is ever seen."""
        return [
            o for o in self.before["outcomes"]
            if o["refund_id"] == request["refund_id"] != self.own_id
            and (_says_what(o) or self.sends_another(request, o))
        ]  # fmt: skip

    @staticmethod
    def sends_another(request: Fact, outcome: Fact) -> bool:
        """Whether a finding alone has another article sent: no resolution names that."""
        open_ = (request["type"], request["state"]) != ("resend", "withdrawn")
        return request["type"] == "resend" and open_ and outcome["verdict"] in NEGATIVE_VERDICTS

    def asks(self, request: Fact) -> int:
        """What a request that nothing has become of asks."""
        if request["state"] == "withdrawn" or self.answers(request):
            return 0
        return self.claim(request)

    def granted(self, request: Fact) -> int:
        answers = self.answers(request)
        stated = [o["amount"] for o in answers if o["amount"] is not None]
        together = max(max(stated, default=0), min(sum(stated), request["amount"]))
        extras = request["amount"] - self.goods(request)
        possible: list[int] = [max(min(together, self.goods(request)), together - extras)]
        if any(o["resolution"] in PAID_OUT and o["amount"] is None for o in answers):
            possible.append(self.claim(request))
        found_alone = bool(answers) and not any(_says_what(o) for o in answers)
        if found_alone or any(o["resolution"] == "exchanged" for o in answers):
            kept = request["type"] == "resend" or not self.came_back(request)
            sent = kept and request["type"] != "repair"
            possible.append(self.article(request) if sent else 0)
        return max(possible)

    def extras_used(self, request: Fact) -> int:
        """Postage and compensation that a request asks while it is open, or was granted."""
        extras = int(request["amount"]) - self.goods(request)
        answers = self.answers(request)
        if not answers:
            return 0 if request["state"] == "withdrawn" else extras
        if any(o["resolution"] in PAID_OUT and o["amount"] is None for o in answers):
            return extras
        paid = sum(o["amount"] for o in answers if o["amount"] is not None)
        return max(0, min(int(paid) - self.goods(request), extras))

    def disputes(self) -> dict[str, int]:
        """What disputes took by the step that counts of each: the last that settled it, else the
        last that opened it."""
        steps: dict[str, list[Fact]] = {}
        for step in self.before["payment_disputes"]:
            if step["order_id"] == self.case.s["order_id"]:
                steps.setdefault(step["dispute_id"], []).append(step)
        total = {"lost": 0, "opened": 0, "won": 0, "withdrawn": 0}
        for of_one in steps.values():
            lost_first = sorted(of_one, key=lambda d: d["stage"])
            settled = [d for d in lost_first if d["stage"] != "opened"] or lost_first
            last = max(settled, key=lambda d: (d["occurred_at"], d["known_at"]))
            total[last["stage"]] += last["amount"]
        return total
