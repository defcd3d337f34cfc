"""The champion: what decides now."""

from __future__ import annotations

from typing import Any

from api.calls import Ask, Call, Said
from api.response import Answer, answer
from api.wire.facts import ref
from risk.decisions.decision import NAME
from risk.facts.format import iso

MODEL: dict[str, Any] = {
    "type": "object",
    "description": "The model in service.",
    "required": ["name", "version", "digest", "promoted_at", "metrics", "features", "policy"],
    "properties": {
        "name": {"type": "string"},
        "version": {"type": "string"},
        "digest": {"type": "string", "description": "of the bundle's content"},
        "promoted_at": {"type": "string", "format": "date-time"},
        "why": {"type": "string", "description": "why it was promoted"},
        "metrics": {"type": "object", "description": "what it measured before its promotion"},
        "training": {"type": "object", "description": "what it learned from, and until when"},
        "thresholds": {"type": "object", "description": "probabilities it promises something at"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "hash"],
                "properties": {"name": {"type": "string"}, "hash": {"type": "string"}},
            },
        },
        "policy": {
            "type": "object",
            "required": ["version"],
            "properties": {"version": {"type": "string"}},
        },
    },
}
_EXAMPLE = {
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


def _model(ask: Ask) -> Answer:
    decider = ask.service.decider
    champion = decider.ready()
    published, bundle = champion.published, champion.bundle
    about = dict(bundle.about)
    return answer(
        {
            "name": NAME,
            "version": published.version,
            "digest": published.digest,
            "promoted_at": iso(published.published_at),
            "why": published.why,
            "metrics": about.pop("metrics", {}),
            "training": about,
            "thresholds": dict(bundle.thresholds),
            "features": [{"name": n, "hash": digest} for n, digest in bundle.features.items()],
            "policy": {"version": decider.policy.version},
        }
    )


CALLS = (
    Call(
        method="GET",
        path="/v1/model",
        name="model",
        scope="score",
        tag="decisions",
        summary="What decides now",
        text="The champion: its name, version, metrics and features, and the policy's version.",
        work=_model,
        says={200: Said(ref("Model"), "the champion", _EXAMPLE)},
    ),
)
