"""What other systems did wrong is told in words, in both languages."""

from __future__ import annotations

import re

import orjson
import pytest

from api.console.localisation import Locale
from api.console.system_words import system_words
from risk.errors import Problem
from risk.problem_phrases import kept, phrase, restored

EN, ZH = Locale("en", "UTC"), Locale("zh", "UTC")


@pytest.mark.parametrize(
    "stored",
    ["answered 503", "no answer within 10 seconds", "it did not come within 2.5 seconds",
     "ConnectError", "ReadTimeout", "RemoteProtocolError", "the receiver was stopped"],
)  # fmt: skip
def test_what_is_stored_is_told_in_both_languages(stored: str) -> None:
    assert re.search(r"[\u4e00-\u9fff]", system_words(ZH, stored))
    assert not re.fullmatch(r"[A-Z]\w+", system_words(EN, stored)), "a name of an error alone"


def test_a_problem_of_a_message_is_told_by_its_code() -> None:
    """Also after it was stored, with what stands inside it."""
    problem = Problem("orders", 2, "amount", phrase("money"), phrase("got_string", count=4))
    stored = restored(orjson.loads(orjson.dumps(kept(problem.said()))))
    assert stored == str(problem)
    assert system_words(EN, stored) == str(problem)
    assert system_words(ZH, stored) == (
        "orders 第 2 项的 amount：应为不小于零的金额，实际为4 个字符的文本"
    )


def test_what_others_wrote_or_an_earlier_release_stored_stays() -> None:
    assert system_words(ZH, "orders row 2 field amount: expected a number") == (
        "orders row 2 field amount: expected a number"
    )
