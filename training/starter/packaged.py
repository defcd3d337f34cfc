"""The starter's bundle, as the package brings it."""

from __future__ import annotations

from pathlib import Path

from risk.model import Bundle

FILE = Path(__file__).with_name("bundle.json")


def packaged() -> Bundle:
    """The starter as it was fitted: its log-odds hold at the prevalence `balance`."""
    return Bundle.load(FILE)
