"""The champion as `GET /v1/model` answers it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.schemas.common import JsonObject, Time


class ModelFeature(BaseModel):
    """A feature that the model uses, with the hash of its definition."""

    name: str
    hash: str


class PolicyInForce(BaseModel):
    """The policy of merchants without one of their own."""

    version: str


class Model(BaseModel):
    """The model in service."""

    name: str
    version: str
    digest: Annotated[str, Field(description="of the bundle's content")]
    promoted_at: Time
    why: Annotated[str, Field(description="why it was promoted")]
    metrics: Annotated[JsonObject, Field(description="what it measured before its promotion")]
    training: Annotated[JsonObject, Field(description="what it learned from, and until when")]
    thresholds: Annotated[
        JsonObject,
        Field(
            description="below which it asks nobody; `ask_above_group_…` holds for customers of a "
            "group where it is higher, so that its honest people are asked no more often than all"
        ),
    ]
    features: list[ModelFeature]
    policy: PolicyInForce


EXAMPLE: dict[str, Any] = {
    "name": "refund-risk",
    "version": "7",
    "digest": "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
    "promoted_at": "2026-03-01T02:00:00.000+00:00",
    "why": "passed the gate",
    "metrics": {"auc": 0.91},
    "training": {"requests": 2000, "labelled": 1400},
    "thresholds": {"ask_above": 0.12},
    "features": [{"name": "customer_requests_30d", "hash": "1f0a9b3c4d5e6f70"}],
    "policy": {"version": "5d1c0a9b7e42"},
}
