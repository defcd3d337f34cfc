"""Contributions → reasons: what raises the risk and what speaks for the customer, in sentences.

Features that tell one story are told as one reason whose contribution is their sum, so that the
reasons and the base still add up to the raw score.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from risk.features.spec import Feature

Reason = dict[str, Any]

_UNKNOWN = {"en": "an unknown", "zh": "未知"}
_ANSWERS = {True: {"en": "yes", "zh": "是"}, False: {"en": "no", "zh": "否"}}
_COLON = {"en": ": ", "zh": "："}


def reasons(
    features: Sequence[Feature],
    values: NDArray[np.float64],
    contributions: NDArray[np.float64],
    currency: str,
) -> list[Reason]:
    """Every reason with a contribution, strongest first.

    `features`, `values` and `contributions` run in parallel, shape (n,). A reason speaks through
    the strongest feature of its story.
    """
    stories: dict[str, list[int]] = {}
    for i in np.flatnonzero(contributions).tolist():
        stories.setdefault(features[i].story or features[i].name, []).append(i)
    told = []
    for story, members in stories.items():
        weight = math.fsum(contributions[members])
        same = [i for i in members if contributions[i] * weight > 0] or members
        lead = max(same, key=lambda i: abs(contributions[i]))
        told.append(_reason(story, features[lead], float(values[lead]), weight, currency))
    return sorted(told, key=lambda reason: -abs(reason["contribution"]))


def _reason(story: str, feature: Feature, value: float, weight: float, currency: str) -> Reason:
    return {
        "code": story,
        "family": feature.family,
        "effect": "raises" if weight > 0 else "lowers",
        "contribution": weight,
        "feature": feature.name,
        "value": None if math.isnan(value) else _number(value),
        "text": sentence(feature, value, currency),
    }


def _number(value: float) -> float | int:
    return int(value) if value.is_integer() and abs(value) < 2**53 else round(value, 6)


def sentence(feature: Feature, value: float, currency: str = "") -> dict[str, str]:
    """The feature's sentence with its number in it, by language."""
    return {
        language: _capital(_filled(feature, text, value, language, currency))
        for language, text in feature.text.items()
    }


def _filled(feature: Feature, text: str, value: float, language: str, currency: str) -> str:
    if "{value}" in text:
        shown = _UNKNOWN[language] if math.isnan(value) else shown_value(feature, value, currency)
        return text.replace("{value}", shown)
    if math.isnan(value):
        return text + _COLON[language] + {"en": "unknown", "zh": "未知"}[language]
    return text + _COLON[language] + _ANSWERS[value > 0][language]


def shown_value(feature: Feature, value: float, currency: str = "") -> str:
    """A number as a reviewer reads it, by its unit."""
    if feature.unit == "share":
        return f"{100 * value:.0f} %" if value <= 1 else f"{value:.1f}"
    if feature.unit == "money":
        return f"{value:,.2f} {currency}".strip()
    if feature.unit in ("days", "hours", "ratio"):
        return f"{value:,.1f}"
    return f"{value:,.0f}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
