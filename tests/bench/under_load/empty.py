"""The empty peer: FastAPI with the Decision's types, and nothing behind them.

Run as `uvicorn --factory under_load.empty:create_app`, with the answer in the file `ANSWER` names.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI
from pydantic import BaseModel, Field, create_model

from risk.facts import KINDS, MEMBERS

ANSWER = "EMPTY_PEER_ANSWER"
PATH = "/v1/refunds/score"
_TYPES: dict[str, Any] = {"flag": bool, "count": int, "share": float}


def _fact(kind: str) -> type[BaseModel]:
    """A kind of fact as a model: its required fields required, its numbers numbers."""
    fields: dict[str, Any] = {}
    for one in KINDS[kind].fields:
        base = _TYPES.get(one.type, str | float if one.type in ("money", "grams") else str)
        fields[one.name] = (base, ...) if one.required else (base | None, None)
    return create_model(kind.title(), **fields)


def _body() -> type[BaseModel]:
    facts: dict[str, Any] = {member: _fact(kind.name) for member, kind in MEMBERS.items()}
    fields: dict[str, Any] = {
        member: (_optional(fact if MEMBERS[member].single else list.__class_getitem__(fact)), None)
        for member, fact in facts.items()
    }
    return create_model("Score", **{**fields, "refund": (facts["refund"], ...)})


def _optional(form: Any) -> Any:
    return form | None


class Text(BaseModel):
    en: str
    zh: str


class Reason(BaseModel):
    code: str
    family: str
    effect: str
    contribution: float
    feature: str | None
    value: float | None
    text: Text


class Rule(BaseModel):
    id: str
    effect: str
    text: Text


class Why(BaseModel):
    id: str
    text: Text


class Ask(BaseModel):
    kind: str
    source: str = Field(alias="from")
    text: Text


class Linked(BaseModel):
    customers: int
    refunds: int
    confirmed_fraud: int


class Model(BaseModel):
    name: str
    version: str
    experience: str
    calibrated: bool


class Warned(BaseModel):
    code: str
    text: Text


class Recommended(BaseModel):
    action: str
    step: str
    text: Text


class Version(BaseModel):
    version: str


class MoneyUsed(BaseModel):
    paid: str | None
    asked: str
    asked_before: str
    granted_before: str
    currency: str


class Decision(BaseModel):
    """A whole Decision."""

    decision_id: str
    refund_id: str
    as_of: str
    decided_at: str
    stage: str
    tier: str
    conditions: list[str]
    probability: float
    raw_score: float
    base: float
    lane: str
    reasons: list[Reason]
    rules: list[Rule]
    why: Why
    required_evidence: list[Ask]
    customer_message: Text
    suggestions: list[str]
    respond_by: str
    linked: Linked
    money: MoneyUsed
    warnings: list[Warned]
    recommended: Recommended
    amount: str
    currency: str
    model: Model
    policy: Version


def create_app() -> FastAPI:
    """One call that checks what it is sent, and checks and writes one and the same Decision."""
    answer: Decision = orjson.loads(Path(os.environ[ANSWER]).read_bytes())
    app, body = FastAPI(openapi_url=None), _body()

    async def score(sent: Any) -> Decision:
        return answer

    score.__annotations__ = {"sent": body, "return": Decision}
    app.post(PATH, response_model=Decision)(score)

    @app.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    return app
