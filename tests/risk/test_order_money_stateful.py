"""In any order of requests, findings, revisions and retractions, what is approved without a person
is no more than what was paid: through `Decider`, against plain bookkeeping."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    rule,
    run_state_machine_as_test,
)

from risk.decisions.decide import Decider
from risk.facts.format import iso, money
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from tests.deciders import DAY, HOUR, bundle, decider
from tests.rendering import open_store

PAID = {"1": 10_000, "2": 5_000}
"""What each line cost, in hundredths."""
LIKE = settings(
    max_examples=40,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
    derandomize=settings().derandomize,  # the same ones, or new ones by `make explore`
)
TYPES = ("refund_only", "price_adjustment", "refund_only", "resend", "return_and_refund")
AMOUNTS = st.sampled_from((1, 2, 1_667, 3_333, 3_334, 5_000, 6_667, 10_000, 15_000, 15_001))
RESOLUTIONS = ("refunded", "partly_refunded", "refused")
_orders = count(1)


@dataclass
class Asked:
    """A request as it stands: `granted` once an outcome says what became of it."""

    refund: dict[str, Any]
    cents: int
    approved: bool = False
    withdrawn: bool = False
    retracted: bool = False
    granted: int | None = None

    @property
    def committed(self) -> int:
        """The money that this request has taken, as far as it stands."""
        if self.granted is not None:
            return self.granted
        gone = self.withdrawn or self.retracted
        return self.cents if self.approved and not gone else 0


class Money(RuleBasedStateMachine):
    """One order of two lines, asked back again and again; the model suspects nobody."""

    deciding: Decider

    requests = Bundle("requests")

    def __init__(self) -> None:
        super().__init__()
        self.order = f"O-stateful-{next(_orders)}"
        self.asked: list[Asked] = []
        self.now = now_ms() - HOUR
        lines = [
            {"order_id": self.order, "line_id": line, "customer_id": f"C-{self.order}",
             "amount": money(cents * 100), "placed_at": iso(self.now - DAY)}
            for line, cents in PAID.items()
        ]  # fmt: skip
        ingest(self.deciding.history, "orders", lines)

    @rule(target=requests, line=st.sampled_from((None, "1", "2")), cents=AMOUNTS,
          kind=st.sampled_from(TYPES))  # fmt: skip
    def ask(self, line: str | None, cents: int, kind: str) -> Asked:
        refund = {
            "refund_id": f"R-{self.order}-{len(self.asked)}", "order_id": self.order,
            "line_id": line, "requested_at": iso(self.now), "amount": money(cents * 100),
            "type": kind, "reason_code": "not_received", "revision": 1,
        }  # fmt: skip
        price = sum(PAID.values()) if line is None else PAID[line]
        asked = Asked(refund, price if kind == "resend" else cents)
        self.asked.append(asked)
        self.decided(asked, self.deciding.score({"refund": refund}).tier)
        return asked

    @rule(asked=requests)
    def decide_again(self, asked: Asked) -> None:
        if not asked.retracted:
            tier = self.deciding.score_again(asked.refund["refund_id"]).tier
            self.decided(asked, tier)

    @rule(asked=requests, cents=AMOUNTS, state=st.sampled_from(("open", "withdrawn")),
          decides=st.booleans())  # fmt: skip
    def revise(self, asked: Asked, cents: int, state: str, decides: bool) -> None:
        if asked.retracted:
            return
        asked.refund |= {"revision": asked.refund["revision"] + 1, "state": state,
                         "amount": money(cents * 100)}  # fmt: skip
        if asked.refund["type"] != "resend":
            asked.cents = cents
        asked.withdrawn = state == "withdrawn"
        # What was approved at another amount is decided again before it is paid.
        asked.approved = False
        if decides:
            self.decided(asked, self.deciding.score({"refund": dict(asked.refund)}).tier)
        else:
            ingest(self.deciding.history, "refunds", [dict(asked.refund)])

    @rule(asked=requests, resolution=st.sampled_from(RESOLUTIONS), part=st.booleans())
    def close(self, asked: Asked, resolution: str, part: bool) -> None:
        """The outcome of an approved request pays it, or less; of another one a person decided."""
        if asked.granted is not None or asked.retracted or asked.withdrawn:
            return
        paid = 0 if resolution == "refused" else asked.cents // (2 if part else 1)
        outcome = {"refund_id": asked.refund["refund_id"], "decided_at": iso(self.now),
                   "verdict": "legitimate", "resolution": resolution,
                   "amount": money(paid * 100)}  # fmt: skip
        ingest(self.deciding.history, "outcomes", [outcome])
        asked.granted = paid

    @rule(asked=consumes(requests))
    def retract(self, asked: Asked) -> None:
        if asked.granted is None and not asked.retracted:
            fact = {"kind": "refunds", "key": f'{{"refund_id": "{asked.refund["refund_id"]}"}}',
                    "retracted_at": iso(self.now), "reason": "sent by mistake"}  # fmt: skip
            ingest(self.deciding.history, "retractions", [fact])
            asked.retracted = True

    def decided(self, asked: Asked, tier: str) -> None:
        """An approval may take no more than what is left of its line and of the order."""
        asked.approved = False
        others = sum(one.committed for one in self.asked if one is not asked)
        on_line = sum(
            one.committed for one in self.asked
            if one is not asked and one.refund["line_id"] == asked.refund["line_id"]
        )  # fmt: skip
        if tier != "approve":
            return
        asked.approved = True
        asks = 0 if asked.withdrawn else asked.cents
        line = asked.refund["line_id"]
        if asks:
            assert others + asks <= sum(PAID.values()) + 1
            assert line is None or on_line + asks <= PAID[line] + 1


@pytest.mark.hypothesis
def test_no_more_is_approved_without_a_person_than_was_paid(tmp_path: Any) -> None:
    with open_store(tmp_path) as history:
        trusting = decider(history, model=bundle(lean=-20.0))
        run_state_machine_as_test(
            type("OverOneStore", (Money,), {"deciding": trusting}), settings=LIKE
        )
