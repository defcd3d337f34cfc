"""Outcomes with realistic defects: late, few, selected by legacy rules, sometimes wrong."""

import numpy as np
import pandas as pd

from risk.facts.units import DAY_MS, HOUR_MS
from training.simulate.parameters import WorldSettings
from training.simulate.random_draws import (
    Bools,
    Floats,
    Ints,
    bernoulli,
    lognormal,
    weighted_choice,
)
from training.simulate.returns import CONDITIONS, INCOMPLETE
from training.simulate.verdicts import (
    ABUSE,
    APPEAL,
    LEGITIMATE,
    MERCHANT,
    SYSTEM,
    UNDETERMINED,
    observed_verdicts,
)

CAUSES = ("random_audit", "rule", "model", "complaint", "unknown")
AUDIT, RULE, MODEL, COMPLAINT, UNKNOWN = range(len(CAUSES))
RESOLUTIONS = ("refunded", "partly_refunded", "refused", "exchanged", "withdrawn")
REFUNDED, PARTLY, REFUSED, EXCHANGED, WITHDRAWN = range(len(RESOLUTIONS))
NOTES = (
    None, None, None, "见聊天记录", "courier confirmed by phone", "照片已核对", "仓库复核",
    "customer was upset", "second case this month", "weight checked", "与快递核实签收人",
    "closed after call",
)  # fmt: skip


def thin_inspections(
    rng: np.random.Generator, settings: WorldSettings, inspections: pd.DataFrame, requests: int
) -> pd.DataFrame:
    """Inspections before the end of the export, at most half of all labels."""
    seen = inspections[inspections["at"].to_numpy() < settings.end_ms]
    room = int(0.5 * settings.label_share * requests)
    if len(seen) <= room:
        return seen.reset_index(drop=True)
    keep = np.sort(rng.permutation(len(seen))[:room])
    return seen.iloc[keep].reset_index(drop=True)


def make_outcomes(
    rng: np.random.Generator,
    settings: WorldSettings,
    frame: pd.DataFrame,
    inspections: pd.DataFrame,
    suspicion: Floats,
) -> pd.DataFrame:
    """One row an outcome: request, at, known, verdict, resolution, by, selected, probability."""
    decided = _decided_at(rng, frame)
    known = _known_at(rng, decided)
    why = _select(rng, settings, frame, inspections, suspicion, known)
    rows = np.flatnonzero(why >= 0)
    found = pd.DataFrame({"request": rows, "at": decided[rows], "known": known[rows]})
    audited, found["by"] = why[rows] == AUDIT, _deciders(rng, why[rows])
    judges = found["by"].to_numpy()
    verdict = observed_verdicts(rng, settings, frame.iloc[rows], judges, suspicion[rows], audited)
    unclear = bernoulli(rng, 0.07, len(rows)) & ~audited & ~frame["burnt"].to_numpy()[rows]
    found["verdict"] = np.where(unclear, UNDETERMINED, verdict)
    found["selected"] = why[rows]
    found["probability"] = np.where(audited, settings.audit_share, np.nan)
    found = pd.concat([found, _appeals(rng, frame, found), _closures(rng, frame, why)])
    found = found[found["known"].to_numpy() < settings.end_ms].reset_index(drop=True)
    found["resolution"] = _resolutions(rng, found["verdict"].to_numpy())
    found["note"] = rng.integers(0, len(NOTES), len(found))
    return found


def _decided_at(rng: np.random.Generator, frame: pd.DataFrame) -> Ints:
    """Times (n,) of findings: days to weeks after the request, sooner for abandoned accounts."""
    days = np.minimum(lognormal(rng, 12.0, 0.6, len(frame)) + 1.0, 75)
    days = np.where(frame["burnt"].to_numpy(), rng.uniform(3, 12, len(frame)), days)
    return np.asarray(frame["requested"].to_numpy() + (days * DAY_MS).astype(np.int64))


def _known_at(rng: np.random.Generator, decided: Ints) -> Ints:
    """Times (n,) at which findings become known; some merchants send them in late batches."""
    delay = np.where(bernoulli(rng, 0.05, len(decided)), rng.uniform(1, 20, len(decided)), 0.0)
    return decided + (delay * DAY_MS).astype(np.int64)


def _select(
    rng: np.random.Generator,
    settings: WorldSettings,
    frame: pd.DataFrame,
    inspections: pd.DataFrame,
    suspicion: Floats,
    known: Ints,
) -> Ints:
    """Why each request was investigated (code of CAUSES), or -1 where it was not.

    The audit is a simple random sample of all requests; the legacy rules then select more until
    the wanted share of requests ends with a label.
    """
    size, share = len(frame), settings.label_share
    why = np.full(size, -1)
    why[bernoulli(rng, 0.13 * share, size)] = COMPLAINT
    why[frame["burnt"].to_numpy() & bernoulli(rng, min(1.0, 2 * share), size)] = RULE
    why[bernoulli(rng, settings.audit_share, size)] = AUDIT
    timely = known < settings.end_ms
    labelled = (why >= 0) & timely
    clear = inspections[inspections["condition"].to_numpy() != INCOMPLETE]
    labelled[clear["request"].to_numpy()] = True
    missing = max(0, round((share * size - labelled.sum()) / 0.93))
    open_cases = np.flatnonzero(~labelled & timely & (why < 0))
    picked = _by_legacy_rules(rng, open_cases, suspicion, missing)
    why[picked] = np.where(bernoulli(rng, 0.10, len(picked)), UNKNOWN, RULE)
    return why


def _by_legacy_rules(
    rng: np.random.Generator, open_cases: Ints, suspicion: Floats, count: int
) -> list[int]:
    """The open cases with most points, and a few at random."""
    ranked = open_cases[np.argsort(-suspicion[open_cases], kind="stable")]
    line = np.concatenate([ranked[: int(count * 0.92)], rng.permutation(ranked)])
    return list(dict.fromkeys(line.tolist()))[:count]


def _deciders(rng: np.random.Generator, why: Ints) -> Ints:
    usual = weighted_choice(rng, [0.72, 0.2, 0.08], len(why))
    upper = weighted_choice(rng, [0.0, 0.75, 0.25], len(why))
    return np.where(np.isin(why, (AUDIT, COMPLAINT)), upper, usual)


def _appeals(rng: np.random.Generator, frame: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Appeals: more often by the wrongly accused, who mostly win."""
    accused = np.isin(found["verdict"].to_numpy(), (ABUSE, ABUSE + 1))
    guilty = frame["crew"].to_numpy()[found["request"].to_numpy()] >= 0
    goes = accused & bernoulli(rng, np.where(guilty, 0.06, 0.3), len(found))
    appeal = found[goes].copy()
    wins = bernoulli(rng, np.where(guilty[goes], 0.12, 0.85), len(appeal))
    wait = (rng.uniform(4, 24, len(appeal)) * DAY_MS).astype(np.int64)
    appeal["at"] = np.maximum(appeal["known"], appeal["at"]) + wait
    appeal["known"] = appeal["at"]
    appeal["verdict"] = np.where(wins, LEGITIMATE, appeal["verdict"])
    appeal["by"] = APPEAL
    return appeal.assign(selected=COMPLAINT, probability=np.nan)


def _closures(rng: np.random.Generator, frame: pd.DataFrame, why: Ints) -> pd.DataFrame:
    """Cases closed by timeout or by a shop without a finding: rows that are no label."""
    rows = np.flatnonzero((why < 0) & bernoulli(rng, 0.55, len(frame)))
    clock = bernoulli(rng, 0.6, len(rows))
    hours = np.where(clock, 48.0, np.minimum(lognormal(rng, 30, 0.6, len(rows)), 400))
    at = frame["requested"].to_numpy()[rows] + (hours * HOUR_MS).astype(np.int64)
    lenient = clock & bernoulli(rng, 0.5, len(rows))
    return pd.DataFrame(
        {
            "request": rows,
            "at": at,
            "known": at,
            "verdict": np.where(lenient, LEGITIMATE, UNDETERMINED),
            "by": np.where(clock, SYSTEM, MERCHANT),
            "selected": UNKNOWN,
            "probability": np.nan,
        }
    )


def _resolutions(rng: np.random.Generator, verdict: Ints) -> Ints:
    size = len(verdict)
    kind = weighted_choice(rng, [0.74, 0.1, 0.0, 0.12, 0.04], size)
    stern = weighted_choice(rng, [0.1, 0.1, 0.7, 0.0, 0.1], size)
    unclear = weighted_choice(rng, [0.7, 0.08, 0.14, 0.03, 0.05], size)
    answer: Ints = np.where(np.isin(verdict, (ABUSE, ABUSE + 1)), stern, kind)
    return np.where(verdict == UNDETERMINED, unclear, answer)


def labelled_requests(found: pd.DataFrame, inspections: pd.DataFrame) -> Bools:
    """Mask over request numbers of those with a label by the contract's rule."""
    speaks = found[(found["by"] != SYSTEM) & (found["verdict"] != UNDETERMINED)]["request"]
    looked = inspections[inspections["condition"] != CONDITIONS.index("incomplete")]["request"]
    both = np.concatenate([speaks.to_numpy(), looked.to_numpy()]).astype(np.int64)
    return np.bincount(both, minlength=int(both.max(initial=0)) + 1) > 0
