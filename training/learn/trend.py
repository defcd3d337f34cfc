"""How the share of requests above a bar grows with time."""

from __future__ import annotations

import numpy as np

from risk.facts.units import DAY_MS

AHEAD = 90 * DAY_MS
"""How long after a training a promise must still hold (ms): a quarter."""


def growth(requested_at: np.ndarray, above: np.ndarray, ahead: int = AHEAD) -> float:
    """How many times its mean the share of requests `above` a bar (n,) will be `ahead` (ms) after
    the last of them, when its trend goes on; never less than 1.

    Histories grow, and with them the scores of the honest: of all requests, for most are honest and
    few are labelled. The slope is that of a straight line, shrunk towards none by what chance could
    have made of it (positive-part James-Stein; Efron & Morris 1973, "Stein's estimation rule and
    its competitors").
    """
    time = requested_at.astype(float)
    time = (time - time.mean()) / DAY_MS
    flag, spread = above.astype(float), float((time**2).sum())
    if spread == 0 or not flag.any():
        return 1.0
    slope = float(time @ flag) / spread
    noise = float(np.mean((flag - flag.mean() - slope * time) ** 2)) / spread
    if slope <= 0 or slope**2 <= noise:
        return 1.0
    steady = slope * (1 - noise / slope**2)
    return 1.0 + steady * (float(time.max()) + ahead / DAY_MS) / float(flag.mean())
