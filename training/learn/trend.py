"""The trend of the share of requests above a threshold."""

from __future__ import annotations

import numpy as np

from risk.facts.units import DAY_MS

HORIZON_MS = 90 * DAY_MS
"""Time (ms) after a training for which its promise must hold: a quarter."""


def projected_growth(requested_at: np.ndarray, above: np.ndarray, ahead: int = HORIZON_MS) -> float:
    """The share of requests `above` a threshold (n,), extrapolated to `ahead` (ms) after the last
    of them, as a multiple of its mean; at least 1.

    A linear trend whose slope is shrunk towards zero by its sampling error (positive-part
    James-Stein; Efron & Morris 1973, "Stein's estimation rule and its competitors"). It is taken
    over all requests, since most are honest and few are labelled: histories grow, and with them the
    scores of honest customers.

    >>> days = np.arange(100) * DAY_MS
    >>> projected_growth(days, np.arange(100) % 10 == 0)
    1.0
    >>> round(projected_growth(days, np.arange(100) >= 50, ahead=0), 2)
    2.48
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
