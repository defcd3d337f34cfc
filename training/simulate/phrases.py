"""Word lists for reason texts, loaded on first use."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from training.simulate.cities import as_tuples

Options = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """The word lists of one language.

    `cores`, `short` and `contradictions` are by reason, `asks` by type of request (and `any`),
    `vague` and `details` by what the request is about (`goods`, `road`, `mind`, `money`); `goods`
    holds, by category, groups of articles with their `items`, `faults`, `damages` and
    `mismatches`; `swaps` are pairs of a spelling and a typo.
    """

    cores: Mapping[str, Options]
    short: Mapping[str, Options]
    contradictions: Mapping[str, Options]
    asks: Mapping[str, Options]
    vague: Mapping[str, Options]
    details: Mapping[str, Options]
    goods: Mapping[str, tuple[Mapping[str, Options], ...]]
    openers: Options
    days: Options
    feelings: Options
    proofs: Options
    ends: Options
    swaps: tuple[tuple[str, str], ...]


@cache
def load_phrases(language: str) -> Phrases:
    """The word lists of `zh` or `en`."""
    said = _read(f"phrases_{language}.toml")
    return Phrases(goods=_read(f"goods_{language}.toml"), **said)


def _read(name: str) -> dict[str, Any]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return {key: as_tuples(value) for key, value in tomllib.loads(text).items()}
