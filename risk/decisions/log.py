"""The log of decisions: written in the transaction of the facts they rest on, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

import numpy as np
import orjson
import sqlalchemy as sa
from numpy.typing import NDArray

from risk.decisions.decision import Decided
from risk.features.order_money import OrderMoney
from risk.history.connection.driver import Call, Rows, insert
from risk.history.connection.prepared import Prepared
from risk.history.schema.schema_decisions import decisions
from risk.policy import Listing, Situation


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision with all that making it again takes; times in ms, `vector` as float64 bytes.

    `settled` is the moment before which what many cases share was visible, None where that is
    `as_of`. `situation` is the case as the policy saw it and `body` the answer, both as JSON.
    """

    decision_id: str
    refund_id: str
    as_of: int
    decided_at: int
    commit_no: int
    stage: str
    tier: str
    probability: float
    model_version: str
    model_digest: str
    policy_version: str
    request_digest: int | None
    audit_draw: float
    runtime: str
    vector: bytes
    situation: str
    body: str
    settled: int | None = None

    @property
    def features(self) -> NDArray[np.float64]:
        """The vector, shape (n,): the model's features, then those only the policy reads."""
        return np.frombuffer(self.vector, dtype=np.float64)

    def answer(self) -> dict[str, Any]:
        """The Decision as it was answered."""
        answered: dict[str, Any] = orjson.loads(self.body)
        return answered


def situation_json(situation: Situation) -> str:
    """A situation as the log keeps it: what is as where nothing is known is left out."""
    told = zip(_SITUATION, _TOLD(situation), _UNTOLD, strict=True)
    return orjson.dumps({name: value for name, value, same in told if value != same}).decode()


def situation_of(text: str) -> Situation:
    """The situation that `situation_json` wrote, in this release or an earlier one."""
    kept: dict[str, Any] = orjson.loads(text)
    kept["evidence"] = tuple((kind, by) for kind, by in kept["evidence"])
    kept["inspections"] = tuple(kept["inspections"])
    for name in (
        "inspected_by",
        "picture_doubts",
        "return_against",
        "unknown",
        "groups",
        "told_of",
    ):
        kept[name] = tuple(kept.get(name, ()))
    kept["weighings"] = tuple(tuple(one) for one in kept.get("weighings", ()))
    kept["lines"] = tuple((category, right) for category, right in kept.get("lines", ()))
    kept["listings"] = tuple(Listing(**entry) for entry in kept["listings"])
    if kept.get("money") is not None:
        kept["money"] = OrderMoney(**kept["money"])
    return Situation(**{name: kept[name] for name in _SITUATION if name in kept})


_SITUATION = tuple(field.name for field in fields(Situation))
_TOLD = attrgetter(*_SITUATION)
_UNTOLD = tuple(
    # what earlier releases expect is told always
    ... if field.name in ("evidence", "inspections", "listings") else field.default
    for field in fields(Situation)
)
_COLUMNS = tuple(column.name for column in decisions.columns)
_VALUES = attrgetter(*_COLUMNS)
_BY_DIGEST = """SELECT d.decision_id, d.tier, d.probability, d.body FROM decisions d
  WHERE d.request_digest = :digest"""
_INSERT = f"""INSERT INTO decisions ({", ".join(_COLUMNS)})
  VALUES ({", ".join("?" * len(_COLUMNS))})"""
_BY_ID = sa.select(decisions.c.body).where(decisions.c.decision_id == sa.bindparam("id"))
_SITUATION_OF = Prepared(
    sa.select(decisions.c.situation).where(
        decisions.c.decision_id == sa.bindparam("id", type_=sa.Text)
    )
)
_SETTLED = sa.select(decisions.c.settled).where(decisions.c.decision_id == sa.bindparam("id"))
_OF_REFUND = (
    sa.select(decisions.c.body)
    .where(decisions.c.refund_id == sa.bindparam("refund_id"))
    .order_by(decisions.c.as_of, decisions.c.decided_at)
)


def store(connection: sa.Connection, decision: StoredDecision) -> None:
    """Write one decision."""
    insert(connection, _INSERT, [_VALUES(decision)])


def answered_call(digest: int) -> Call:
    """The statement that finds the stored answer to a request with this digest, for `answered`."""
    return _BY_DIGEST, {"digest": digest}


def answered(found: Rows) -> Decided | None:
    """The stored answer that was found."""
    if not found:
        return None
    decision_id, tier, probability, body = found[0]
    return Decided(decision_id, tier, float(probability), body.encode())


def by_id(connection: sa.Connection, decision_id: str) -> dict[str, Any] | None:
    """One decision as it was answered."""
    found = connection.execute(_BY_ID, {"id": decision_id}).scalar()
    return None if found is None else orjson.loads(found)


def situation_behind(connection: sa.Connection, decision_id: str) -> Situation | None:
    """What a decision was made of; None where there is no such decision."""
    kept = _SITUATION_OF(connection, id=decision_id)
    return situation_of(kept[0]["situation"]) if kept else None


def settled_of(connection: sa.Connection, decision_id: str) -> int | None:
    """Before which moment a decision saw what many cases share, where that is not `as_of`."""
    settled = connection.execute(_SETTLED, {"id": decision_id}).scalar()
    return None if settled is None else int(settled)


def with_all(connection: sa.Connection, decision_ids: Sequence[str]) -> list[StoredDecision]:
    """The decisions of these ids with all that making them again takes."""
    query = sa.select(decisions).where(decisions.c.decision_id.in_(decision_ids))
    return [StoredDecision(**row._mapping) for row in connection.execute(query)]


def of_refund(connection: sa.Connection, refund_id: str) -> list[dict[str, Any]]:
    """A request's decisions, oldest first."""
    found = connection.execute(_OF_REFUND, {"refund_id": refund_id}).scalars()
    return [orjson.loads(body) for body in found]


def every(connection: sa.Connection, page: int = 500) -> Iterator[StoredDecision]:
    """Every decision in the order it was made, read a page at a time."""
    last = -1
    while True:
        query = (
            sa.select(decisions)
            .where(decisions.c.commit_no > last)
            .order_by(decisions.c.commit_no)
            .limit(page)
        )
        rows = connection.execute(query).all()
        if not rows:
            return
        for row in rows:
            yield StoredDecision(**row._mapping)
        last = int(rows[-1].commit_no)
