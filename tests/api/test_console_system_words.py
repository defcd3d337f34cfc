"""What other systems did wrong is told in words, in both languages."""

from __future__ import annotations

import re

import pytest

from api.console.localisation import Locale
from api.console.system_words import system_words

EN, ZH = Locale("en", "UTC"), Locale("zh", "UTC")


@pytest.mark.parametrize(
    "stored",
    ["answered 503", "no answer within 10 seconds", "it did not come within 2.5 seconds",
     "ConnectError", "ReadTimeout", "RemoteProtocolError", "the receiver was stopped",
     "no rule of the mapping table is for this topic",
     "it holds none of the facts that its rule reads"],
)  # fmt: skip
def test_what_is_stored_is_told_in_both_languages(stored: str) -> None:
    assert re.search(r"[\u4e00-\u9fff]", system_words(ZH, stored))
    assert not re.fullmatch(r"[A-Z]\w+", system_words(EN, stored)), "a name of an error alone"


def test_what_others_wrote_stays() -> None:
    assert system_words(ZH, "orders row 2 field amount: expected a number") == (
        "orders row 2 field amount: expected a number"
    )
