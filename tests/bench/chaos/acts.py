"""A client that does all else that is acknowledged: facts, findings, cases, pushes.

Each act is sent again, byte for byte, until it is answered; the store is held to what came back.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import sqlalchemy as sa

from risk.history.schema import FACTS
from risk.history.schema.schema_cases import case_events
from risk.history.schema.schema_decisions import decisions
from risk.history.schema.schema_webhooks import inbox
from risk.history.store import History
from risk.webhooks.signing import signature
from tests.bench.chaos.load import PATIENCE_S, body

ENDPOINT = "chaos"
HOOK_SECRET = "a secret for pushes in chaos"
_MAPPING = """
[[messages]]
topic = "*"
[[messages.orders]]
order_id = "order"
customer_id = "customer"
placed_at = "at"
amount = "amount"
"""
_TIMES = {"again": (2, 3)}
"""How often what an act stores may be there: a case that was closed is decided once more, soon."""

Answer = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Act:
    """A call that stores something, as it is sent each time."""

    name: str
    path: str
    content: bytes
    headers: Mapping[str, str]


@dataclass(slots=True)
class Acts:
    """What was sent in rounds of acts, and what was answered to each of them at first."""

    url: str
    token: str
    name: str
    answered: dict[str, Answer] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Rounds after one another until told to stop."""
        headers = {"authorization": f"Bearer {self.token}"}
        with httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE_S) as client:
            self._set_up(client)
            number = 0
            while not self._stop.is_set():
                for act in _round(f"acts-{self.name}-{number}", number):
                    self._until_answered(client, act)
                number += 1

    def stop(self) -> None:
        """Begin no further act."""
        self._stop.set()

    def _set_up(self, client: httpx.Client) -> None:
        sent = {"secret": HOOK_SECRET, "mapping": _MAPPING}
        while not self._stop.is_set():
            try:
                if client.put(f"/v1/hooks/generic/{ENDPOINT}", json=sent).status_code == 200:
                    return
            except httpx.TransportError:
                self._stop.wait(0.1)

    def _until_answered(self, client: httpx.Client, act: Act) -> None:
        """Send until it is answered, and half of what was answered once more."""
        again = act.name[-1] in "02468"
        while not self._stop.is_set():
            answer = self._send(client, act)
            if answer is None:
                continue
            if act.name in self.answered:
                return
            self.answered[act.name] = answer
            if not again:
                return

    def _send(self, client: httpx.Client, act: Act) -> Answer | None:
        """The answer; None where it has to be sent again."""
        try:
            answer = client.post(act.path, content=act.content, headers=_signed(act))
        except httpx.TransportError:
            self._stop.wait(0.05)
            return None
        self.answers[str(answer.status_code)] += 1
        if answer.status_code in (429, 503) and "retry-after" in answer.headers:
            self._stop.wait(min(float(answer.headers["retry-after"]), 1.0))
            return None
        if answer.status_code >= 500:
            self.odd.append(f"{act.name}: {answer.status_code} {answer.text[:200]}")
        came = (answer.status_code, answer.content)
        if "idempotency-key" in act.headers and self.answered.get(act.name, came) != came:
            self.odd.append(f"{act.name} was answered in two ways under one key")
        return came

    def wrongs(self, history: History) -> Iterator[str]:
        """What was acknowledged and is not there, or is there twice."""
        yield from self.odd
        with history.read() as connection:
            for name, (status, content) in self.answered.items():
                kind, _, own = name.partition(" ")
                stored = connection.scalar(_stored(kind, own))
                if status < 300 and stored not in _TIMES.get(kind, (1,)):
                    yield f"{name} was acknowledged and is stored {stored} ×: {content[:80]!r}"

    def told(self) -> str:
        """Acknowledged acts by kind."""
        done = Counter(
            name.split(" ")[0] for name, (status, _) in self.answered.items() if status < 300
        )
        return ", ".join(f"{count:,} × {kind}" for kind, count in sorted(done.items()))


def _round(name: str, number: int) -> Iterator[Act]:
    """An order, a request that needs a person, the same decided again, a finding, a push."""
    sent, at = body(name, number), datetime.now(UTC) - timedelta(days=1)
    sent["refund"]["amount"] = "900.00"
    refund = sent["refund"]["refund_id"]
    line = {**sent["order"][0], "order_id": f"P-{name}", "line_id": "2"}
    pushed = {"order": f"H-{name}", "customer": "C-1", "at": at.isoformat(), "amount": "5.00"}
    finding = {"verdict": "legitimate", "resolution": "partly_refunded", "amount": "1.00"}
    outcome = {"refund_id": f"R-{name}-seen", "decided_at": at.isoformat(), "verdict": "legitimate"}
    yield _act("facts", name, "/v1/orders", [line])
    yield _act("findings", name, "/v1/outcomes", outcome)
    yield _act("request", name, "/v1/refunds/score", sent)
    yield _act("again", name, f"/v1/refunds/{refund}/score", None)
    yield _act("claim", name, f"/v1/cases/{refund}/claim", None)
    yield _act("close", name, f"/v1/cases/{refund}/outcome", finding)
    headers = {"webhook-id": name, "content-type": "application/json"}
    yield Act(f"push {name}", f"/v1/hooks/generic/{ENDPOINT}", orjson.dumps(pushed), headers)


def _act(kind: str, name: str, path: str, sent: Any) -> Act:
    content = b"" if sent is None else orjson.dumps(sent)
    headers = {"idempotency-key": f"{kind}-{name}", "content-type": "application/json"}
    return Act(f"{kind} {name}", path, content, headers)


def _signed(act: Act) -> dict[str, str]:
    """The headers of an act; a push is signed anew each time, as its sender would."""
    mark = act.headers.get("webhook-id")
    if mark is None:
        return dict(act.headers)
    at = str(int(time.time()))
    proof = signature(HOOK_SECRET.encode(), mark, at, act.content)
    return {**act.headers, "webhook-timestamp": at, "webhook-signature": proof}


def _count(column: sa.Column[Any], value: str, *more: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(sa.func.count()).where(column == value, *more)


def _stored(kind: str, name: str) -> sa.Select[Any]:
    """How many the store holds of what an act stores."""
    about = inbox.c.about.contains(f':H-{name}"'), inbox.c.state == "accepted"
    return {
        "facts": _count(FACTS["orders"].c.order_id, f"P-{name}"),
        "findings": _count(FACTS["outcomes"].c.refund_id, f"R-{name}-seen"),
        "request": _count(FACTS["refunds"].c.refund_id, f"R-{name}"),
        "again": _count(decisions.c.refund_id, f"R-{name}"),
        "claim": _count(case_events.c.refund_id, f"R-{name}", case_events.c.action == "claim"),
        "close": _count(FACTS["outcomes"].c.refund_id, f"R-{name}"),
        "push": _count(inbox.c.name, ENDPOINT, *about),
    }[kind]


@contextmanager
def acting(url: str, token: str, name: str) -> Iterator[Acts]:
    """A client of all these acts until the block ends."""
    acts = Acts(url, token, name)
    thread = threading.Thread(target=acts.run)
    thread.start()
    try:
        yield acts
    finally:
        acts.stop()
        thread.join()
