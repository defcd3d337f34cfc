"""Facts, scores, evidence and outcomes in any order, late and repeated, against a simple model.

The model knows one thing only: which fact stands under which key. What is stored, what is answered
again and how far a case has come follow from that.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.api.serving import Running, counted
from tests.api.small_world import (
    ITEMS,
    KNOWN,
    LOOKS,
    ORDERS,
    REFUNDS,
    Fact,
    Key,
    World,
    facts_in,
    key_of,
)
from training.check.replay import replay

pytestmark = pytest.mark.hypothesis
EXAMPLES = int(os.environ.get("REFUND_RISK_FUZZ", "15"))
"""Histories tried; raise it for a long run."""

LIKE = settings(
    max_examples=EXAMPLES,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@dataclass
class Standing:
    """What the store must hold: content by key, and the decisions of each request in order."""

    facts: dict[Key, Fact] = field(default_factory=dict)
    decided: dict[str, list[str]] = field(default_factory=dict)
    answered: dict[frozenset[Key], str] = field(default_factory=dict)
    first_calls: dict[str, int] = field(default_factory=dict)

    def news(self, sent: Iterable[tuple[str, Fact]]) -> dict[Key, Fact] | None:
        """The facts that are new; None where one contradicts what stands, or another of them."""
        new: dict[Key, Fact] = {}
        for kind, fact in sent:
            key = key_of(kind, fact)
            stands = self.facts.get(key, new.get(key))
            if stands is not None and stands != fact:
                return None
            if key not in self.facts:
                new[key] = fact
        return new

    def stage(self, refund_id: str, call: int) -> str:
        """How far a case has come, at a call of this number."""
        of_case = [(key[0], fact) for key, fact in self.facts.items()
                   if fact.get("refund_id") == refund_id]  # fmt: skip
        kinds = {kind for kind, _ in of_case}
        if "inspections" in kinds:
            return "inspection"
        if any(fact.get("direction") == "return" for _, fact in of_case):
            return "return"
        known = self.first_calls[refund_id] < call
        return "evidence" if "evidence" in kinds and known else "request"


def _turned(value: Any) -> Any:
    """The same said in another order, members and lists from the last to the first."""
    if isinstance(value, list):
        return [_turned(item) for item in reversed(value)]
    if isinstance(value, dict):
        return {name: _turned(value[name]) for name in reversed(value)}
    return value


variants = st.sampled_from([0] * 7 + [1])
refunds = st.sampled_from([0, 0, 0, *REFUNDS])
"""Mostly the same one: it is its history that is looked at."""
lates = st.sampled_from([False, False, True])


class Histories(RuleBasedStateMachine):
    """Every call a ticket system makes, in any order."""

    client: httpx.Client

    def __init__(self) -> None:
        super().__init__()
        self.world, self.stands, self.calls = World(), Standing(), 0
        self.names: dict[str, tuple[Any, Any]] = {}

    def _send(self, path: str, sent: Any = None, **headers: str) -> httpx.Response:
        self.calls += 1
        return self.client.post(path, json=sent, headers=headers)

    def _note(self, new: Mapping[Key, Fact]) -> None:
        for (kind, *_), fact in new.items():
            if kind == "refunds":
                self.stands.first_calls[fact["refund_id"]] = self.calls
        self.stands.facts.update(new)

    def _store(self, kind: str, facts: list[Fact], late: bool) -> None:
        """One fact by itself, or a list of them, all or nothing; `late` ones were known before."""
        new = self.stands.news((kind, fact) for fact in facts)
        sent = [{**fact, "known_at": KNOWN} if late else fact for fact in facts]
        answer = self._send(f"/v1/{kind}", sent if len(sent) > 1 else sent[0])
        if new is None:
            assert answer.status_code == 409, answer.text
            return
        assert answer.status_code == (201 if new else 200), answer.text
        assert counted(answer) == {"stored": len(new), "known": len(facts) - len(new)}
        self._note(new)

    @rule(n=st.sampled_from(ORDERS), lines=st.integers(1, 2), variant=variants, late=lates)
    def orders(self, n: int, lines: int, variant: int, late: bool) -> None:
        facts = [self.world.order(n, line, variant) for line in range(1, lines + 1)]
        self._store("orders", facts, late)

    @rule(n=refunds, variant=variants, late=lates)
    def refund(self, n: int, variant: int, late: bool) -> None:
        self._store("refunds", [self.world.refund(n, variant)], late)

    @rule(
        n=refunds, items=st.sets(st.sampled_from(ITEMS), min_size=1), variant=variants, late=lates
    )
    def evidence(self, n: int, items: set[int], variant: int, late: bool) -> None:
        self._store("evidence", [self.world.evidence(n, i, variant) for i in sorted(items)], late)

    @rule(n=refunds, i=st.sampled_from(LOOKS), late=lates)
    def parcel(self, n: int, i: int, late: bool) -> None:
        self._store("shipments", [self.world.parcel(n, i)], late)

    @rule(n=refunds, i=st.sampled_from(LOOKS), variant=variants, late=lates)
    def inspection(self, n: int, i: int, variant: int, late: bool) -> None:
        self._store("inspections", [self.world.inspection(n, i, variant)], late)

    @rule(n=refunds, i=st.sampled_from(LOOKS), variant=variants, late=lates)
    def outcome(self, n: int, i: int, variant: int, late: bool) -> None:
        self._store("outcomes", [self.world.outcome(n, i, variant)], late)

    def _body(self, n: int, parts: set[str], variant: int, turned: bool = False) -> Fact:
        world = self.world
        whole: Fact = {
            "order": [world.order(n % 2)],
            "shipments": [world.parcel(n, 0), world.parcel(n, 1)],
            "evidence": [world.evidence(n, 0), world.evidence(n, 1, variant)],
            "inspection": world.inspection(n, 0, variant),
        }
        body = {"refund": world.refund(n, variant), **{name: whole[name] for name in sorted(parts)}}
        return _turned(body) if turned else body

    @rule(
        n=refunds,
        parts=st.sets(st.sampled_from(["order", "shipments", "evidence", "inspection"])),
        variant=variants,
        turned=st.booleans(),
        name=st.sampled_from(["", "", "first", "second"]),
    )
    def score(self, n: int, parts: set[str], variant: int, turned: bool, name: str) -> None:
        body = self._body(n, parts, variant, turned)
        headers = {"idempotency-key": f"{self.world.name}-{name}"} if name else {}
        answer = self._send("/v1/refunds/score", body, **headers)
        if name in self.names:
            before, told = self.names[name]
            assert answer.status_code == (200 if before == body else 422), answer.text
            assert before != body or answer.json() == told
            return
        told = self._scored(body, answer)
        if name and told is not None:
            self.names[name] = (body, told)

    @rule(n=refunds, order=st.booleans())
    def decide(self, n: int, order: bool) -> None:
        body = self._body(n, {"order"} if order else set(), 0)
        self._scored(body, self._send("/v1/refunds/score", body))

    def _scored(self, body: Fact, answer: httpx.Response) -> Fact | None:
        sent = list(facts_in(body))
        new = self.stands.news(sent)
        if new is None:
            assert answer.status_code == 409, answer.text
            return None
        assert answer.status_code == 200, answer.text
        told: Fact = answer.json()
        self._note(new)
        said = frozenset(key_of(kind, fact) for kind, fact in sent)
        if said in self.stands.answered:
            assert told["decision_id"] == self.stands.answered[said]
        else:
            self.stands.answered[said] = told["decision_id"]
            self._decided(told)
        return told

    def _decided(self, told: Fact) -> None:
        """A new decision about what stands now."""
        refund_id = told["refund_id"]
        assert told["stage"] == self.stands.stage(refund_id, self.calls)
        total = told["base"] + math.fsum(r["contribution"] for r in told["reasons"])
        assert abs(total - told["raw_score"]) < 1e-9
        self.stands.decided.setdefault(refund_id, []).append(told["decision_id"])

    @rule(n=refunds)
    def again(self, n: int) -> None:
        refund = self.world.refund(n)
        answer = self._send(f"/v1/refunds/{refund['refund_id']}/score")
        if key_of("refunds", refund) not in self.stands.facts:
            assert answer.status_code == 404
            return
        assert answer.status_code == 200, answer.text
        self._decided(answer.json())

    def teardown(self) -> None:
        """What was decided stays, in its order; the service may decide an open case meanwhile."""
        for n in REFUNDS:
            refund = self.world.refund(n)
            answer = self.client.get(f"/v1/refunds/{refund['refund_id']}/decisions")
            if key_of("refunds", refund) not in self.stands.facts:
                assert answer.status_code == 404
                continue
            told = self.stands.decided.get(refund["refund_id"], [])
            ids = [decision["decision_id"] for decision in answer.json()]
            assert [one for one in ids if one in told] == told


@pytest.fixture(scope="module")
def histories(client: httpx.Client) -> type[Histories]:
    return type("OfThisService", (Histories,), {"client": client})


@pytest.mark.hypothesis
def test_any_order_of_calls_leaves_what_the_model_says(
    histories: type[Histories], served: Running
) -> None:
    run_state_machine_as_test(histories, settings=LIKE)
    made_again, differences, _ = replay(served.service.history, lambda *_: None)
    assert made_again > EXAMPLES
    assert differences == []
