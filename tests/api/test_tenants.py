"""Two merchants and a platform with guessed ids: nothing that one sees depends on another's calls.

The same calls of one merchant, and of the platform about it, are made in two services: in one the
other merchant is at work too, with the same numbers. Every answer must be the same in both.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.api.serving import running
from tests.api.two_merchants import AT, SCOPES, case, finding

EXAMPLES = int(os.environ.get("REFUND_RISK_FUZZ", "3"))
LIKE = settings(
    max_examples=EXAMPLES,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
_numbers = count(1_000, 10)
VOLATILE = {
    "decision_id", "as_of", "decided_at", "probability", "raw_score", "base", "reasons",
    "opened_at", "respond_by", "rank", "stake", "at", "known_at", "expires_at", "held_until",
    "message_id", "next", "instance", "headline", "claimed_until", "cases", "text", "audit",
}  # fmt: skip
"""What differs between two services that decide at different milliseconds."""


@dataclass(frozen=True)
class Callers:
    """The clients of one service, by who they are."""

    a: httpx.Client
    b: httpx.Client
    platform: httpx.Client


@dataclass(frozen=True)
class Worlds:
    """The service where both merchants are at work, and the one where M-B is alone."""

    shared: Callers
    alone: Callers


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    with (
        running(tmp_path_factory.mktemp("shared")) as one,
        running(tmp_path_factory.mktemp("alone")) as other,
    ):
        yield Worlds(*(
            Callers(run.client(*SCOPES, merchants=["M-A"]), run.client(*SCOPES, merchants=["M-B"]),
                    run.client()) for run in (one, other)
        ))  # fmt: skip


def essence(value: Any) -> Any:
    """An answer without what the moment of the call makes of it."""
    if isinstance(value, dict):
        return {name: essence(one) for name, one in value.items() if name not in VOLATILE}
    return [essence(one) for one in value] if isinstance(value, list) else value


def told(answer: httpx.Response) -> tuple[int, Any]:
    is_json = "json" in answer.headers.get("content-type", "")
    return answer.status_code, essence(answer.json()) if is_json else None


def body_of(merchant: str, number: int) -> dict[str, Any]:
    """A request of a merchant; nothing of it is shared with another's."""
    one = case(merchant, number)
    for line in one["order"]:
        line.update(sku=f"SKU-{merchant}", category=f"things of {merchant}")
    for parcel in one["shipments"]:
        parcel.update(courier=f"courier of {merchant}", tracking_no=f"T-{merchant}-{number}")
    return one


def facts_of(merchant: str, number: int) -> dict[str, Any]:
    """What may be said about a number, by call: true of one's own, asserted of another's."""
    one = body_of(merchant, number)
    refund = one["refund"]["refund_id"]
    return {
        "orders": one["order"],
        "another line": [{**one["order"][0], "line_id": "zz", "amount": "1.00"}],
        "refunds": one["refund"],
        "shipments": one["shipments"],
        "evidence": one["evidence"],
        "inspections": {"refund_id": refund, "inspected_at": AT, "condition": "counterfeit"},
        "fraud": finding(refund, "fraud"),
        "fault": finding(refund, "merchant_fault"),
        "feedback": {"refund_id": refund, "answered_at": AT, "satisfaction": 1},
        "payment-disputes": {"dispute_id": f"D{number}", "order_id": str(number), "stage": "lost",
                             "occurred_at": AT, "amount": "20.00"},
        "retractions": {"kind": "refunds", "key": {"refund_id": refund}, "reason": "a mistake",
                        "retracted_at": AT},
    }  # fmt: skip


PATHS = {"another line": "orders", "fraud": "outcomes", "fault": "outcomes"}
KINDS = st.sampled_from(sorted(facts_of("M-A", 1)))
NUMBERS = st.integers(0, 2)
READS = st.sampled_from(
    ["refunds/{}/decisions", "cases/{}", "cases/{}/dossier", "customers/M-B-{}", "cases",
     "receivers", "deliveries", "hooks/inbox"]
)  # fmt: skip


class Market(RuleBasedStateMachine):
    """M-A does what it likes; what M-B and the platform see of M-B is compared."""

    worlds: Worlds

    def __init__(self) -> None:
        super().__init__()
        self.base = next(_numbers)
        self.decisions: list[tuple[str, str]] = []

    def _both(self, caller: str, method: str, path: str, **more: Any) -> list[httpx.Response]:
        """The same call in both services: the answers, which must be alike."""
        answers = [
            getattr(world, caller).request(method, f"/v1/{path}", **more)
            for world in (self.worlds.shared, self.worlds.alone)
        ]
        shared, alone = map(told, answers)
        assert shared == alone, (caller, method, path, more)
        assert answers[0].status_code < 500
        return answers

    def _send(self, kind: str, merchant: str, n: int) -> dict[str, Any]:
        return {"json": facts_of(merchant, self.base + n)[kind]}

    def _refund(self, n: int) -> str:
        return f"{self.base + n}-1"

    @rule(kind=KINDS, n=NUMBERS, by_platform=st.booleans())
    def a_says(self, kind: str, n: int, by_platform: bool) -> None:
        one = self.worlds.shared
        client, query = (one.platform, {"merchant": "M-A"}) if by_platform else (one.a, {})
        path = f"/v1/{PATHS.get(kind, kind)}"
        answer = client.post(path, params=query, **self._send(kind, "M-A", n))
        assert answer.status_code < 500, answer.text

    @rule(n=NUMBERS, dry=st.booleans())
    def a_scores(self, n: int, dry: bool) -> None:
        sent = body_of("M-A", self.base + n)
        query = {"dry_run": "true"} if dry else {}
        answer = self.worlds.shared.a.post("/v1/refunds/score", json=sent, params=query)
        assert answer.status_code in (200, 409), answer.text

    @rule(n=NUMBERS, act=st.sampled_from(["score", "claim", "outcome"]))
    def a_acts_on_a_guess(self, n: int, act: str) -> None:
        place = "refunds" if act == "score" else "cases"
        sent = {"verdict": "fraud"} if act == "outcome" else None
        answer = self.worlds.shared.a.post(f"/v1/{place}/{self._refund(n)}/{act}", json=sent)
        assert answer.status_code < 500, answer.text

    @rule(what=READS, n=NUMBERS)
    def a_sees_nothing_of_b(self, what: str, n: int) -> None:
        answer = self.worlds.shared.a.get("/v1/" + what.format(self._refund(n)))
        assert "M-B" not in answer.text.replace(f"M-B-{self._refund(n)}", "")
        for shared, _ in self.decisions:
            seen = self.worlds.shared.a.get(f"/v1/decisions/{shared}")
            assert seen.status_code == 404

    @rule(kind=KINDS, n=NUMBERS)
    def b_says(self, kind: str, n: int) -> None:
        self._both("b", "POST", PATHS.get(kind, kind), **self._send(kind, "M-B", n))

    @rule(kind=KINDS, n=NUMBERS)
    def the_platform_says_of_b(self, kind: str, n: int) -> None:
        query = {"merchant": "M-B"}
        self._both(
            "platform", "POST", PATHS.get(kind, kind), params=query, **self._send(kind, "M-B", n)
        )

    @rule(n=NUMBERS, by=st.sampled_from(["b", "b", "platform"]))
    def b_scores(self, n: int, by: str) -> None:
        query = {"merchant": "M-B"} if by == "platform" else {}
        sent = body_of("M-B", self.base + n)
        shared, alone = self._both(by, "POST", "refunds/score", json=sent, params=query)
        if shared.status_code == 200:
            self.decisions.append((shared.json()["decision_id"], alone.json()["decision_id"]))
            near = pytest.approx(alone.json()["probability"], rel=1e-3)
            assert shared.json()["probability"] == near

    @rule(n=NUMBERS, act=st.sampled_from(["score", "claim"]))
    def b_acts(self, n: int, act: str) -> None:
        place = "refunds" if act == "score" else "cases"
        self._both("b", "POST", f"{place}/{self._refund(n)}/{act}")

    @rule(what=READS, n=NUMBERS)
    def b_reads(self, what: str, n: int) -> None:
        self._both("b", "GET", what.format(self._refund(n)))

    @rule()
    def b_reads_its_decisions(self) -> None:
        for shared, alone in self.decisions:
            one = told(self.worlds.shared.b.get(f"/v1/decisions/{shared}"))
            assert one == told(self.worlds.alone.b.get(f"/v1/decisions/{alone}"))
            assert one[0] == 200


@pytest.mark.hypothesis
def test_nothing_that_one_sees_depends_on_the_others_calls(worlds: Worlds) -> None:
    machine = type("OfTheseServices", (Market,), {"worlds": worlds})
    run_state_machine_as_test(machine, settings=LIKE)
