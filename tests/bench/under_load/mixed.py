"""The calls of an ordinary day, in made proportions: new cases, and what comes of them later."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

import orjson

from risk.facts import KINDS
from tests.bench.under_load.load import Call
from tests.bench.under_load.world import Body, Requests

SCORE = "/v1/refunds/score"
SHARES = {
    "known": 48, "stranger": 14, "stored order": 8, "evidence": 8, "again": 8, "same": 10,
    "batch": 4,
}  # fmt: skip
"""Of a hundred: new cases of known customers and of new ones, requests on orders that were posted
before, evidence for a request, a stored request again, the same body again, five cases at once."""

BATCH = 5
LATELY = 400
"""Earlier bodies that later calls are about; the newest of them may not be answered yet."""


@dataclass
class Day:
    """The calls of a day, without end; each case's call has an `Idempotency-Key`."""

    requests: Requests
    tag: str
    _sent: deque[Body] = field(default_factory=lambda: deque(maxlen=LATELY))
    _numbers: Iterator[int] = field(default_factory=count)

    def calls(self) -> Iterator[Call]:
        """One after the other."""
        chance, fresh = random.Random(5), self._fresh()
        waiting: Body | None = None
        while True:
            kind = chance.choices([*SHARES], [*SHARES.values()])[0]
            if kind in ("evidence", "again", "same") and len(self._sent) < LATELY:
                kind = "known"
            if kind == "stored order":
                if waiting is None:
                    waiting = next(fresh)
                    yield self._call(KINDS["orders"].path, waiting["order"])
                    continue
                one, waiting = {"refund": waiting["refund"]}, None
                yield self._case(one)
            elif kind == "batch":
                bodies = [next(fresh) for _ in range(BATCH)]
                yield self._call("/v1/refunds/score/batch", bodies)
            elif kind == "known":
                yield self._case(next(fresh))
            elif kind == "stranger":
                yield self._case(self._stranger(next(fresh)))
            else:
                yield self._later(kind, chance.choice(list(self._sent)[: LATELY // 2]))

    def _fresh(self) -> Iterator[Body]:
        yield from map(orjson.loads, self.requests.bodies(self.tag))

    def _case(self, one: Body) -> Call:
        self._sent.append(one)
        return self._call(SCORE, one, f"{self.tag}-{next(self._numbers)}")

    def _call(self, path: str, content: object, key: str = "") -> Call:
        return Call(path, orjson.dumps(content), key)

    def _stranger(self, one: Body) -> Body:
        """The same of a customer, address and things that nobody has seen."""
        number = next(self._numbers)
        name = f"{self.tag}-{number}"
        mine = {"customer_id": f"C{name}", "device_id": f"d{name}", "phone": f"13{number:09d}"}
        mine |= {"shipping_address": f"{name}路1号2室", "payment_instrument": f"card{name}"}
        return {**one, "order": [{**line, **mine} for line in one["order"]]}

    def _later(self, kind: str, one: Body) -> Call:
        """A call about a case that was sent before."""
        refund = one["refund"]["refund_id"]
        if kind == "same":
            return self._call(SCORE, one)
        if kind == "again":
            return Call(f"/v1/refunds/{refund}/score", b"")
        number = next(self._numbers)
        shown = {
            "evidence_id": f"E{self.tag}-{number}", "refund_id": refund, "kind": "photo",
            "submitted_at": datetime.now(UTC).isoformat(), "content_hash": f"{self.tag}{number}",
        }  # fmt: skip
        return self._call(SCORE, {**one, "evidence": [shown]}, f"{self.tag}-e{number}")
