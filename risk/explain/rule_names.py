"""What the rules of a policy are called where their whole sentence is too long."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from risk.explain.label_table import table
from risk.facts.localised import Language, LocalisedText


def rule_name(rule: str, language: Language) -> str:
    """A rule in a few words; one that is not known here by its id.

    >>> rule_name("fresh_picture", "en"), rule_name("own", "zh")
    ('doubtful picture', 'own')
    """
    found = rule_names().get(rule)
    return found[language] if found else rule


@cache
def rule_names() -> dict[str, LocalisedText]:
    """Every rule's name in both languages."""
    return table((files("risk") / "explain" / "rule_names.txt").read_text(encoding="utf-8"))
