"""What is kept of a text's content, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.text import analyse
from risk.text.content import MOST, content
from risk.text.sensitive import SENSITIVE
from risk.text.tokens import fold, tokenise

WORDS = st.sampled_from(
    (
        "zipper not broke pump battery Peter Müller pregnant husband 12 3.5 "
        "拉链 坏了 孕 妇 老公 新 疆 !"
    ).split()
)


def told(text: str) -> set[str]:
    return set(content(tokenise(fold(text))))


def test_it_holds_what_happened_and_what_follows_what() -> None:
    assert {"zipper", "not broken", "twice"} <= told("The zipper is not broken, I paid twice.")
    assert {"拉链", "坏了", "拉链 坏了"} <= told("收到时拉链坏了")


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("I asked Peter Bakersson about the pump", {"peter", "bakersson"}),
        ("call +86 138 0000 0000 about the pump", {"86", "138", "0000"}),
        ("my pregnant wife cannot use the pump", {"pregnant", "wife"}),
        ("the church near the mosque has a pump", {"church", "mosque"}),
        ("write to @someone about the pump", {"@someone"}),
        ("我老公说孕妇不能用，新疆发货，水泵不转", {"老公", "孕妇", "新疆", "孕", "新"}),
        ("damn scammers, the pump maybe leaks", {"damn", "maybe"}),
    ],
)
def test_it_holds_nothing_of_who_somebody_is_or_how_they_feel(text: str, gone: set[str]) -> None:
    said = {part for word in told(text) for part in (word, *word.split())}
    assert said
    assert not said & gone


@given(st.lists(WORDS, max_size=120))
def test_it_is_small_and_free_of_sensitive_words(words: list[str]) -> None:
    found = content(tokenise(" ".join(words)))
    assert len(found) == len(set(found)) <= MOST
    assert list(found) == sorted(found)
    parts = {part for word in found for part in (word, *word.split())}
    assert not parts & SENSITIVE
    assert not any(part[0].isdigit() for part in parts)


def test_a_request_without_a_text_has_none() -> None:
    none = analyse(None, reason_code="other", type="refund_only", claims_received=None)
    assert none.words == ()
