"""Sentences that count read right for none, one and more, in both languages."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from api.console.translations import translate, translations
from risk.explain.sentences import sentence
from risk.features.catalog import catalogue
from risk.features.spec import Feature

PLURAL = re.compile(
    r"\b1 (?:(?:other|earlier|closed|open|more|latest|smaller|linked|order|refund|free|new) )*"
    r"(?!is\b|was\b|has\b|matches\b|abus)[a-z]+(?<!s)s\b"
)
SINGULAR = re.compile(
    r"\b(?:0|2) (?:(?:other|closed|smaller) )*"
    r"(?:case|request|customer|order(?! line)|day|decision|item|line|answer)\b"
)
NEVER_NONE = ("text_length", "largest_line", "smallest_line")
NONE_ZH = re.compile(r"(?<![\d.,])0(?:次|位|笔|人|张|条|处|个|件)")


def named(text: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(text) if name]


COUNTING = {
    key: sorted(set(named(text["en"]))) for key, text in translations().items() if named(text["en"])
}


@pytest.mark.parametrize("key", sorted(COUNTING))
def test_a_text_of_the_console_agrees_with_its_count(key: str) -> None:
    for count in (0, 1, 2):
        values = dict.fromkeys(COUNTING[key], count)
        english, chinese = (translate(key, one, **values) for one in ("en", "zh"))
        assert not PLURAL.search(english), english
        assert not SINGULAR.search(english), english
        assert "{" not in english + chinese


@pytest.mark.parametrize("feature", catalogue(), ids=lambda one: one.name)
def test_the_sentence_of_a_feature_agrees_with_its_count(feature: Feature) -> None:
    for count in (0.0, 1.0, 2.0):
        whole = 2.0 if feature.is_share else None
        told = sentence(feature, count, "CNY", whole)
        if told is None:
            continue
        assert not PLURAL.search(told["en"]), told["en"]
        if count == 0 and feature.name.removeprefix("line_") not in NEVER_NONE:
            assert not NONE_ZH.search(told["zh"]), told["zh"]


def test_the_pages_call_nothing_by_the_name_of_a_field() -> None:
    for key, text in translations().items():
        for said in text.values():
            assert "`" not in said, key
