"""How much more often requests with a sign are false than others, in a written world."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from risk.text.analysis import TextAnalysis, analyse
from training.simulate.random_draws import Bools

LOWEST = 0.5
"""A text is vague that is among this share of the least specific."""


class Lift(NamedTuple):
    """A sign: how many requests show it, and how many of those, and of the others, are false.

    `expected` is what people of the trade know of it: "more" false, or "no" difference.
    """

    sign: str
    expected: str
    requests: int
    false_with: float
    false_without: float


def signal_lifts(folder: Path) -> list[Lift]:
    """The lift of each sign that can be read off the files of a world, among requests that owe a
    reason."""
    refunds = pd.read_parquet(folder / "refunds.parquet")
    refunds = refunds[refunds["reason_code"] != "unwanted"].set_index("refund_id")
    truth = pd.read_parquet(folder.parent / "truth.parquet").set_index("refund_id")["positive"]
    false = truth.loc[refunds.index].to_numpy().astype(bool)
    texts = [
        _analysed(*row)
        for row in refunds[["reason_text", "reason_code", "type"]].itertuples(index=False)
    ]
    evidence = _evidence(folder, refunds.index)
    everybody = np.ones(len(refunds), dtype=bool)
    written = np.array([text.specificity is not None for text in texts])
    specific = np.array([np.nan if t.specificity is None else t.specificity for t in texts])
    vague = specific <= np.nanquantile(specific, LOWEST)
    short = np.array([text.length is not None and text.length < 12 for text in texts])
    signs: list[tuple[str, str, Bools, Bools]] = [
        ("text says less than half of them", "more", vague, written),
        ("text contradicts the reason", "more",
         np.array([text.contradiction > 0 for text in texts]), everybody),
        ("no text", "no", ~written, everybody),
        ("text of a few words", "no", short, written),
        ("angry text", "no", np.array([text.agitated == 1 for text in texts]), written),
        ("refund only", "more", (refunds["type"] == "refund_only").to_numpy(), everybody),
        *((name, "more", mask, asked) for name, (mask, asked) in evidence.items()),
    ]  # fmt: skip
    return [_lift(*sign, false) for sign in signs]


def _lift(sign: str, expected: str, mask: Bools, among: Bools, false: Bools) -> Lift:
    with_it, without = false[mask & among], false[~mask & among]
    return Lift(sign, expected, len(with_it), _mean(with_it), _mean(without))


def _mean(values: Bools) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _analysed(text: str | None, reason_code: str, kind: str) -> TextAnalysis:
    known = text if isinstance(text, str) else None
    return analyse(known, reason_code=reason_code, type=kind, claims_received=None)


def _evidence(folder: Path, ids: pd.Index) -> Mapping[str, tuple[Bools, Bools]]:
    """By sign: which requests show it, and among which it could be shown."""
    items = pd.read_parquet(folder / "evidence.parquet")
    items = items[items["submitted_by"] == "customer"]
    asked = ids.isin(items.loc[items["asked_at"].notna(), "refund_id"])
    declined = ids.isin(items.loc[items["kind"] == "declined", "refund_id"])
    files = items.dropna(subset=["content_hash"])
    uses = files.groupby("content_hash")["refund_id"].transform("nunique")
    reused = ids.isin(files.loc[uses > 1, "refund_id"])
    return {
        "proof asked for was refused": (declined, asked),
        "a picture also used elsewhere": (reused, ids.isin(files["refund_id"])),
    }
