"""The formulas of `finish` for one case, written out as one Python function; equal to the bit.

For one row numpy spends nearly all of its time around some sixty small calls.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from risk.features.finish import ARITY
from risk.features.spec import Feature, Measure

FinishOne = Callable[[list[float]], list[float]]
"""Measures (NaN where SQL said NULL) → features, both in their order."""

_WRITTEN = {
    "copy": "{0} * {p0}",
    "share": "({0} + {p0}) / ({1} + {p1})",
    "net_share": "(more({0}, {2}) + {p0}) / ({1} + {p1})",
    "elapsed": "({0} - {1}) / {p0}",
    "pace": "ratio({0} * {p0}, {1} - {2})",
    "ratio": "ratio({0}, {1})",
    "against": "ratio({0} * {3}, {1} * {2})",
    "live": "{0} + ({2} if {3} >= 2 else {1})",
    "unseen": "1.0 if {0} == 0 and {1} > 0 and {2} == 1 else 0.0",
    "net": "more({0}, {1})",
    "before": "before({0}, {1}, {p0})",
    "came_after": "before(earlier({0}, {1}), {2}, {p0})",
}


def finish_one(features: Sequence[Feature], positions: Mapping[Measure, int]) -> FinishOne:
    """Write the function for some features, whose measures stand at these positions."""
    numbers = [_expression(feature, positions) for feature in features]
    names: dict[str, Any] = {
        "ratio": _ratio, "more": _more, "before": _before, "earlier": _earlier
    }  # fmt: skip
    written = f"def finished(m):\n    return [{', '.join(numbers)}]"
    exec(compile(written, "<features of one case>", "exec"), names)
    made: FinishOne = names["finished"]
    return made


def _expression(feature: Feature, positions: Mapping[Measure, int]) -> str:
    takes, settings = ARITY[feature.formula]
    measures = [f"m[{positions[measure]}]" for measure in feature.measures[:takes]]
    params = {f"p{k}": repr(float(feature.params[k])) for k in range(settings)}
    return _WRITTEN[feature.formula].format(*measures, **params)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan


def _more(part: float, less: float) -> float:
    """part - less, and at least nothing; unknown where either is."""
    left = part - less
    return 0.0 if left < 0 else left


def _earlier(a: float, b: float) -> float:
    """The lesser, or the one that is known."""
    return b if math.isnan(a) or b < a else a


def _before(first: float, then: float, unknown: float) -> float:
    if math.isnan(then) and not math.isnan(first):
        return unknown
    return 1.0 if first < then else 0.0
