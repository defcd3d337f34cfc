"""The examples in docstrings: each is run, and each answers what it says."""

from __future__ import annotations

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WITH_EXAMPLES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for room in ("risk", "training", "api")
    for path in (ROOT / room).rglob("*.py")
    if re.search(r"^ +>>> ", path.read_text(encoding="utf-8"), re.MULTILINE)
)
"""Every module with an example in a docstring; nobody has to list it."""

PROMISED = (
    "risk.policy.costs",
    "risk.cases.figures.surges",
    "risk.findings",
    "risk.explain.code_labels",
    "risk.explain.grammar",
    "risk.explain.numbers",
    "risk.explain.reason_groups",
    "risk.facts.format",
    "risk.facts.parse",
    "risk.facts.row_checks",
    "risk.features.spec",
    "risk.history.case_state",
    "risk.identity.address_key",
    "risk.identity.address_noise",
    "risk.identity.chinese_localities",
    "risk.identity.chinese_numerals",
    "risk.identity.hasher",
    "risk.identity.normalisers",
    "risk.model.calibration",
    "risk.settings",
    "risk.text.analysis",
    "risk.text.fingerprint",
    "risk.text.anger",
    "risk.text.relevance",
    "risk.text.specificity",
    "risk.text.stories",
    "risk.text.tokens",
    "risk.text.topics",
    "training.judge.evaluate",
    "training.judge.metrics",
    "training.learn.calibrate",
    "training.learn.promise",
    "training.learn.sampling",
    "training.learn.selection",
    "training.learn.split",
    "training.learn.trend",
    "training.promote",
)
"""Modules of public pure functions that must show an example; add to it, never take away."""


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_answer_what_they_say(name: str) -> None:
    found = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS)
    assert found.attempted
    assert not found.failed


def test_pure_functions_show_examples() -> None:
    assert set(PROMISED) <= set(WITH_EXAMPLES)
