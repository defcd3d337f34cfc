"""Words for complaints, read from `words_zh.toml` and `words_en.toml` when first needed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from training.simulate.cities import frozen

Options = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language: what may be said for each reason, around it, and of each kind of goods.

    `cores`, `short` and `contradictions` are by reason; `goods` is by category and part (`items`,
    `faults`, `damages`, `mismatches`); `swaps` are pairs of a spelling and a slip of the pen.
    """

    cores: Mapping[str, Options]
    short: Mapping[str, Options]
    contradictions: Mapping[str, Options]
    goods: Mapping[str, Mapping[str, Options]]
    vague: Options
    openers: Options
    days: Options
    feelings: Options
    asks: Options
    ends: Options
    swaps: tuple[tuple[str, str], ...]


@cache
def phrases(language: str) -> Phrases:
    """The words of `zh` or `en`."""
    text = (Path(__file__).parent / f"words_{language}.toml").read_text(encoding="utf-8")
    return Phrases(**{name: _deep(value) for name, value in tomllib.loads(text).items()})


def _deep(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _deep(item) for name, item in value.items()}
    return frozen(value)
