"""A small model, bodies to score, and a decider over a store, for the tests of deciding."""

from __future__ import annotations

from functools import lru_cache
from itertools import count
from typing import Any

import lightgbm
import numpy as np
import orjson
import sqlalchemy as sa

from risk.decisions.decide import Decider
from risk.facts.format import iso
from risk.facts.parse import parse_time
from risk.features.catalog import catalogue
from risk.features.spec import NO_REASON_FAMILIES
from risk.history import published_models
from risk.history.connection.connect import now_ms
from risk.history.schema import FACTS
from risk.history.schema.schema_decisions import decisions
from risk.history.store import History
from risk.model import Bundle, Lane, linear_calibration
from risk.policy import Policies, load, vary

HOUR = 3_600_000
DAY = 24 * HOUR
_numbers = count(1)


@lru_cache(maxsize=8)
def bundle(
    seed: int = 0, lean: float = -1.0, *, retired: bool = False, only: tuple[str, ...] = ()
) -> Bundle:
    """Trees that use the whole catalogue, or `only` some of it, learned from noise; `lean` moves
    every log-odds. With `retired` it is a model of an earlier release, which uses what new ones are
    trained without."""
    features = tuple(
        feature
        for feature in catalogue()
        if (retired or not feature.retired) and (not only or feature.name in only)
    )
    own = {
        "standard": tuple(f.name for f in features),
        "no_reason": tuple(f.name for f in features if f.family in NO_REASON_FAMILIES),
    }
    lanes = {
        lane: Lane(names, _trees(len(names), seed), linear_calibration("platt", 1.0, lean))
        for lane, names in own.items()
    }
    return Bundle({f.name: f.hash for f in features}, lanes, {"ask_above": 0.4}, {"requests": 400})


def _trees(columns: int, seed: int) -> str:
    """Many shallow trees on few columns each, so that most features say something."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 4, size=(400, columns)).astype(float)
    rows[rng.random(rows.shape) < 0.2] = np.nan
    found = (rng.random(400) < 0.3).astype(float)
    knobs = {"num_leaves": 4, "feature_fraction": 0.05, "min_data_in_leaf": 5, "num_threads": 1}
    settings = {"objective": "binary", "verbosity": -1, "seed": seed, **knobs}
    return str(lightgbm.train(settings, lightgbm.Dataset(rows, found), 60).model_to_string())


def decider(
    history: History, version: str = "1", model: Bundle | None = None, *, audits: bool = True
) -> Decider:
    """A decider with a model in service; by the default policy, or that without its audits, which
    draw by the store's key."""
    promote(history, version, model or bundle())
    none = {"audit.approvals": 0.0, "audit.let_through": 0.0}
    made = Decider(history, Policies(load(None) if audits else vary(load(None), none)))
    made.refresh()
    return made


def promote(history: History, version: str, model: Bundle) -> None:
    """Put a model in service."""
    with history.write() as write:
        published_models.publish(write, "champion", version, model, "a test")


def body(name: str = "", *, at: int = 0, **refund: Any) -> dict[str, Any]:
    """A scoring body of its own: asked `at` (ms, an hour ago), bought four days before that."""
    n, now = name or f"t{next(_numbers)}", at or now_ms() - HOUR
    order = {
        "order_id": f"O-{n}", "line_id": "1", "customer_id": f"C-{n}", "amount": "349.00",
        "placed_at": iso(now - 4 * DAY), "category": "electronics", "merchant_id": "M-1",
        "device_id": f"device-{n}", "channel": "shop", "no_reason_return": False,
    }  # fmt: skip
    parcel = {
        "order_id": f"O-{n}", "status": "delivered", "occurred_at": iso(now - 2 * DAY),
        "courier": "SF", "received_by": "customer", "weight_g": 640,
    }  # fmt: skip
    asked = {
        "refund_id": f"R-{n}", "order_id": f"O-{n}", "line_id": "1", "requested_at": iso(now),
        "amount": "349.00", "type": "refund_only", "reason_code": "defective",
        "reason_text": "It stopped charging on the second evening, the light stays red.",
        "claims_received": True,
    }  # fmt: skip
    return {"refund": {**asked, **refund}, "order": [order], "shipments": [parcel]}


def photo(one: dict[str, Any], number: int = 1, **more: Any) -> dict[str, Any]:
    """A photo for the request of a body."""
    refund, asked = one["refund"]["refund_id"], one["refund"]["requested_at"]
    return {
        "evidence_id": f"E-{refund}-{number}", "refund_id": refund, "kind": "photo",
        "submitted_at": iso(parse_time(asked) + HOUR // 2), "content_hash": f"{refund}{number}",
        **more,
    }  # fmt: skip


def scored(deciding: Decider, one: Any, **more: Any) -> dict[str, Any]:
    """The Decision on a body."""
    answer: dict[str, Any] = orjson.loads(deciding.score(one, **more).json)
    return answer


def counts(history: History) -> dict[str, int]:
    """How many facts of each kind and how many decisions are stored."""
    tables = {**FACTS, "decisions": decisions}
    with history.read() as connection:
        return {
            name: int(
                connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            )
            for name, table in tables.items()
        }
