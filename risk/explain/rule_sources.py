"""Where a rule stands, in Chinese: policies and law packs name their sources in English."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from risk.facts.localised import Language

_LAW = re.compile(
    r"(?P<law>.+), (?:art|reg|s)\. (?P<at>[^,]*(?:, [\d(][^,]*)*)"
    r" \(in force from (?P<since>[\d-]+)\)"
)
"""A source as a law pack gives it."""


def source_in(language: Language, source: str) -> str:
    """A source in a language; one that a shop wrote itself stays as it is.

    >>> source_in("zh", "E-Commerce Law of the PRC, art. 20 (in force from 2019-01-01)")
    '《电子商务法》第20条（自2019-01-01起施行）'
    """
    if language == "en":
        return source
    found = _LAW.fullmatch(source)
    return _chinese(found) if found else _names()["sources"].get(source, source)


def _chinese(found: re.Match[str]) -> str:
    laws = _names()["laws"]
    first, *others = [laws.get(law, law) for law in found["law"].split("; ")]
    at = re.sub(r",? and |, ", "、", found["at"])
    return "；".join([f"{first}第{at}条", *others]) + f"（自{found['since']}起施行）"


@cache
def _names() -> dict[str, dict[str, str]]:
    file = files("risk") / "explain" / "rule_sources.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
