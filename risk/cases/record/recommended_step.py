"""The id of the step that a decision recommends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from risk.policy.next_step_sentences import TEXTS

_STEPS = {text["en"]: step for step, text in TEXTS.items()}
"""The steps of decisions that earlier releases made, which say them in words alone."""


def step_of(recommended: Mapping[str, Any]) -> str:
    """The id of a decision's recommended step; empty where it has none."""
    return recommended.get("step") or _STEPS.get(recommended["text"]["en"], "")
