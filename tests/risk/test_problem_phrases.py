"""Sentences about what is wrong: each in both languages, used, and the same wherever they go."""

from __future__ import annotations

import copy
import pickle
import re
from pathlib import Path

from risk.problem_phrases import Phrase, kept, phrase, phrases, restored, said, text_of

ROOT = Path(__file__).parents[2]


def test_every_phrase_is_there_in_both_languages_with_the_same_blanks() -> None:
    for code, words in phrases().items():
        blanks = [sorted(re.findall(r"{(\w+)}", words[language])) for language in ("en", "zh")]
        assert blanks[0] == blanks[1], code
        assert re.search(r"[\u4e00-\u9fff]|^{kind}$", words["zh"]), code


def test_every_phrase_is_used_and_none_is_missing() -> None:
    text = "".join(
        path.read_text("utf-8") for room in ("risk", "api") for path in (ROOT / room).rglob("*.py")
    )
    made = {"place_row", "place_field", "place_row_field"}
    unused = [code for code in phrases() if f'"{code}"' not in text and code not in made]
    assert unused == []
    for path in (path for room in ("risk", "api") for path in (ROOT / room).rglob("*.py")):
        source = path.read_text("utf-8")
        if "risk.problem_phrases import" in source:
            assert set(re.findall(r'\bphrase\(\s*"([a-z]\w*)"', source)) <= set(phrases()), path


def test_a_phrase_stays_one_where_it_is_kept_copied_or_sent_to_another_process() -> None:
    inner = phrase("problem_at", where=phrase("place_kind", kind="orders"), expected=phrase("flag"))
    for other in (pickle.loads(pickle.dumps(inner)), copy.deepcopy(inner), restored(kept(inner))):
        assert isinstance(other, Phrase)
        assert other == inner == "orders: expected true or false"
        assert other.said("zh") == "orders：应为是或否"
    assert text_of(ValueError(inner)) is inner
    assert text_of(ValueError("else")) == "else"
    assert said("else", "zh") == restored("else") == "else"
