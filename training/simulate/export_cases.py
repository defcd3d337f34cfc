"""Requests, evidence, inspections, outcomes, feedback, disputes and truth as contract columns."""

import numpy as np
import pandas as pd

from risk.facts.units import DAY_MS, HOUR_MS
from training.simulate import identities
from training.simulate.crews import Crew
from training.simulate.customer_evidence import KINDS
from training.simulate.export_goods import (
    EVIDENCE_ODD,
    REFUND_ODD,
    Sheet,
    late_known_at,
    names_of,
    order_ids,
)
from training.simulate.honest_requests import CAUSE_NAMES
from training.simulate.identities import scrambled_ids, write_identities
from training.simulate.late_findings import CAUSES, NOTES, RESOLUTIONS
from training.simulate.market import Market
from training.simulate.random_draws import Ints, bernoulli, hash_ints
from training.simulate.requests import TYPES
from training.simulate.returns import CONDITIONS
from training.simulate.schemes import CONDUCT_NAMES, SCHEME_NAMES
from training.simulate.verdicts import ABUSE, DECIDERS, VERDICTS, true_verdicts

DISPUTE_STAGES = ("opened", "won", "lost", "withdrawn")


def _inspectors(rows: Ints) -> list[str | None]:
    """Who inspects each return: nearly always the merchant."""
    return names_of(
        ("third_party", "platform", "merchant"), np.minimum(hash_ints(rows, 67) % 24, 2)
    )


def refund_ids(rows: Ints, base: int) -> list[str]:
    """Ids of requests numbered from `base`."""
    return scrambled_ids("R", rows + base, REFUND_ODD)


def refunds_sheet(
    rng: np.random.Generator, frame: pd.DataFrame, market: Market, base: int, end: int
) -> Sheet:
    """The refund requests."""
    requested = frame["requested"].to_numpy()
    hours = np.where(bernoulli(rng, 0.8, len(frame)), 48, 72)
    gives = market.shops.gives_deadline[frame["shop"].to_numpy()]
    received = frame["says_received"].tolist()
    return {
        "refund_id": refund_ids(np.arange(len(frame)), base),
        "order_id": order_ids(frame["order"].to_numpy(), base),
        "line_id": [str(number) if number else None for number in frame["claimed_line"].tolist()],
        "requested_at": requested,
        "amount": frame["cents"].to_numpy(),
        "type": names_of(TYPES, frame["type"].to_numpy()),
        "reason_code": names_of(CAUSE_NAMES, frame["reason"].to_numpy()),
        "reason_text": frame["text"].tolist(),
        "claims_received": [None if value < 0 else bool(value) for value in received],
        "device_id": write_identities(identities.device, frame["device"].to_numpy()),
        "payout_account": write_identities(identities.payout, frame["payout"].to_numpy()),
        "respond_by": np.where(gives, requested + hours * HOUR_MS, -1),
        "known_at": late_known_at(rng, requested, 0.005, 12 * HOUR_MS, end),
    }


def evidence_sheet(rng: np.random.Generator, items: pd.DataFrame, base: int, end: int) -> Sheet:
    """Items of evidence, in the order they came."""
    seen = items[items["submitted"].to_numpy() < end].sort_values("submitted", kind="stable")
    submitted = seen["submitted"].to_numpy()
    return {
        "evidence_id": scrambled_ids("E", np.arange(len(seen)) + 4 * base, EVIDENCE_ODD),
        "refund_id": refund_ids(seen["request"].to_numpy(), base),
        "submitted_at": submitted,
        "kind": names_of(KINDS, seen["kind"].to_numpy()),
        "submitted_by": seen["by"].tolist(),
        "asked_at": seen["asked"].to_numpy(),
        "content_hash": write_identities(identities.photo, seen["hash"].to_numpy()),
        "captured_at": seen["captured"].to_numpy(),
        "known_at": late_known_at(rng, submitted, 0.005, DAY_MS, end),
    }


def inspections_sheet(rng: np.random.Generator, looked: pd.DataFrame, base: int, end: int) -> Sheet:
    """The inspections of return parcels."""
    at = looked["at"].to_numpy()
    return {
        "refund_id": refund_ids(looked["request"].to_numpy(), base),
        "inspected_at": at,
        "condition": names_of(CONDITIONS, looked["condition"].to_numpy()),
        "inspected_by": _inspectors(looked["request"].to_numpy()),
        "known_at": late_known_at(rng, at, 0.03, 10 * DAY_MS, end),
    }


def outcomes_sheet(found: pd.DataFrame, frame: pd.DataFrame, base: int) -> Sheet:
    """Findings, closures and appeals."""
    found = found.sort_values("at", kind="stable")
    rows, at, known = (found[name].to_numpy() for name in ("request", "at", "known"))
    cents = frame["cents"].to_numpy()[rows]
    paid = np.array([1.0, 0.5, 0.0, 0.0, 0.0])[found["resolution"].to_numpy()]
    return {
        "refund_id": refund_ids(rows, base),
        "decided_at": at,
        "verdict": names_of(VERDICTS, found["verdict"].to_numpy()),
        "resolution": names_of(RESOLUTIONS, found["resolution"].to_numpy()),
        "amount": (cents * paid).astype(np.int64),
        "decided_by": names_of(DECIDERS, found["by"].to_numpy()),
        "selected_by": names_of(CAUSES, found["selected"].to_numpy()),
        "selection_probability": found["probability"].to_numpy(dtype=np.float64),
        "note": [NOTES[number] for number in found["note"].tolist()],
        "known_at": np.where(known > at, known, -1),
    }


def feedback_sheet(rng: np.random.Generator, found: pd.DataFrame, base: int, end: int) -> Sheet:
    """Feedback of a tenth of the customers, a few days after the last outcome."""
    last = found.sort_values("at", kind="stable").drop_duplicates("request", keep="last")
    size = len(last)
    at = last["at"].to_numpy() + (rng.uniform(0.2, 4, size) * DAY_MS).astype(np.int64)
    usual = np.array([4.6, 3.4, 1.8, 4.0, 3.0])[last["resolution"].to_numpy()]
    points = np.clip(np.round(rng.normal(usual, 0.9)), 1, 5).astype(np.int64)
    answered = bernoulli(rng, 0.1, size) & (at < end)
    return {
        "refund_id": refund_ids(last["request"].to_numpy()[answered], base),
        "answered_at": at[answered],
        "satisfaction": points[answered],
    }


def disputes_sheet(
    rng: np.random.Generator, found: pd.DataFrame, frame: pd.DataFrame, base: int, end: int
) -> Sheet:
    """Payment disputes of some customers whose request was refused; most are decided."""
    refused = found[found["resolution"].to_numpy() == RESOLUTIONS.index("refused")]
    refused = refused.drop_duplicates("request")
    refused = refused[bernoulli(rng, 0.12, len(refused))]
    rows, size = refused["request"].to_numpy(), len(refused)
    opened = refused["at"].to_numpy() + (rng.uniform(1, 20, size) * DAY_MS).astype(np.int64)
    closed = opened + (rng.uniform(8, 40, size) * DAY_MS).astype(np.int64)
    result = rng.integers(1, len(DISPUTE_STAGES), size)
    at, stage = np.concatenate([opened, closed]), np.concatenate([np.zeros_like(result), result])
    seen = np.flatnonzero(at < end)
    twice = np.concatenate([rows, rows])[seen]
    return {
        "dispute_id": scrambled_ids("D", twice + base, REFUND_ODD),
        "order_id": order_ids(frame["order"].to_numpy()[twice], base),
        "stage": names_of(DISPUTE_STAGES, stage[seen]),
        "occurred_at": at[seen],
        "amount": frame["cents"].to_numpy()[twice],
        "reason": ["refund refused"] * len(seen),
    }


def truth_sheet(frame: pd.DataFrame, crews: list[Crew], base: int, block: int) -> Sheet:
    """The ground truth of each request."""
    verdict = true_verdicts(frame)
    crew = frame["crew"].tolist()
    false = frame["crew"].to_numpy() >= 0
    return {
        "refund_id": refund_ids(np.arange(len(frame)), base),
        "requested_at": frame["requested"].to_numpy(),
        "amount": frame["cents"].to_numpy(),
        "truth": names_of(VERDICTS, verdict),
        "positive": verdict >= ABUSE,
        "scheme": names_of(SCHEME_NAMES, frame["scheme"].to_numpy()),
        "conduct": names_of(CONDUCT_NAMES, frame["conduct"].to_numpy()),
        "crew": [f"{block}-{number}" if number >= 0 else None for number in crew],
        "skill": np.where(false, frame["skill"].to_numpy(), np.nan),
        "casual": [crews[number].casual if number >= 0 else None for number in crew],
        "cause": names_of(CAUSE_NAMES, frame["cause"].to_numpy()),
        "innocent_group": frame["innocent_group"].tolist(),
        "sent_back": names_of(CONDITIONS, frame["sent_back"].to_numpy()),
    }
