"""Words for complaints, read from the word lists beside this file when first needed."""

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
    """One language: what may be said for each reason, and around it.

    `cores`, `short` and `contradictions` are by reason, `asks` by type of request (and `any`),
    `vague` and `details` by what the request is about (`goods`, `road`, `mind`, `money`); `goods`
    holds, by category, groups of articles with their `items`, `faults`, `damages` and
    `mismatches`; `swaps` are pairs of a spelling and a slip of the pen.
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
def phrases(language: str) -> Phrases:
    """The words of `zh` or `en`."""
    said = _read(f"phrases_{language}.toml")
    return Phrases(goods=_read(f"goods_{language}.toml"), **said)


def _read(name: str) -> dict[str, Any]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return {key: frozen(value) for key, value in tomllib.loads(text).items()}
