"""A policy file is read as a whole: each fault is named with its line; versions are content."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from risk.errors import PolicyRefused
from risk.policy import diff, load, parse, vary
from risk.policy.rules import RULES
from tests.risk.policy_cases import POLICY

TEXT = POLICY.source


def changed(old: str, new: str) -> tuple[str, int]:
    """The default policy with one line changed, and the number of that line."""
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new), TEXT[: TEXT.index(old)].count("\n") + 1


def refusal(text: str) -> str:
    with pytest.raises(PolicyRefused) as refused:
        parse(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("asked = 4.0", "asked = -4.0", "costs.asked"),
        ("asked = 4.0", 'asked = "4"', "costs.asked"),
        ("asked = 4.0", "asked = nan", "costs.asked"),
        ("asked = 4.0", "asked = inf", "costs.asked"),
        ("asked = 4.0", "asked = true", "costs.asked"),
        ("asked = 4.0", "asekd = 4.0", "costs.asekd"),
        ("person = 0.85", "person = 1.85", "recovery.person"),
        ("answer_hours = 48", "answer_hours = 0", "deadline.answer_hours"),
        ("answer_hours = 48", "answer_hours = 48.5", "deadline.answer_hours"),
        ('when_passed = "keep"', 'when_passed = "refuse"', "deadline.when_passed"),
        ('empty = "platform_intervention"', 'empty = "refuse"', "inspection.empty"),
        ('default = "Asia/Shanghai"', 'default = "Asia/Nowhere"', "zones.default"),
        ('default = "Asia/Shanghai"', 'default = "../../etc/passwd"', "zones.default"),
        ("USD = 7.1", "USD = 0.0", "currency.rates.USD"),
        ("[right]\ndays = 7", "[right]\ndays = 3", "right.days"),
        ('also = "digital"', 'also = "digitals"', "articles.codes.also"),
        ('also = "digital"', 'also = ["digital"]', "articles.codes.also"),
    ],
)
def test_a_fault_is_named_with_its_line_and_place(old: str, new: str, named: str) -> None:
    text, line = changed(old, new)
    assert f"line {line + new.count(chr(10))}: {named}: " in refusal(text)


@pytest.mark.parametrize(
    ("old", "new", "section"),
    [
        ("asked = 4.0", "asked = 900.0", "costs"),
        ("question = 3.0", "question = 300.0", "handling"),
        ("ask_above = 0.1 ", "ask_above = 0.9 ", "caps"),
        ("CNY = 1.0", "CNY = 1.1", "currency"),
        ("return_and_refund = 0.265", "return_and_refunds = 0.265", "suggestions"),
    ],
)
def test_numbers_that_contradict_each_other_are_named_at_their_section(
    old: str, new: str, section: str
) -> None:
    text, _ = changed(old, new)
    header = text[: text.index(f"\n[{section}]\n")].count("\n") + 2
    assert refusal(text).startswith(f"line {header}: {section}: ")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("within {pay_hours} hours. If", "in {hours}. If", "hours"),
        ("looks at your request personally", "looks at this suspicious request", "suspicio"),
        ("让我们看到您看到的差别", "证明您的说法", "证明"),
        ('en = "an exchange"\n', "", "en"),
        ('zh = "换货"\n', 'zh = " "\n', "no text in zh"),
        ("[wording.messages.repair]", "[wording.messages.mend]", "missing repair"),
        ("[rules.small_amount]", "[rules.tiny_amount]", "tiny_amount"),
        ("[wording.options.talk]", "[wording.options.sing]", "sing"),
        ("unwanted = []\n\n[[", "\n[[", "unwanted"),
        ("by {deadline}. If you would rather not wait", "by {deadline!r}. If not", "deadline!r"),
        ("you have the answer by {deadline}.", "by {deadline.", "brace|expected"),
    ],
)  # fmt: skip
def test_words_are_complete_known_and_well_mannered(old: str, new: str, named: str) -> None:
    assert re.search(named, refusal(TEXT.replace(old, new, 1)))


def test_all_faults_are_reported_at_once() -> None:
    said = refusal(TEXT.replace("asked = 4.0", "asked = -1").replace("person = 0.85", "person = 2"))
    assert "costs.asked" in said
    assert "recovery.person" in said


def test_broken_toml_names_its_line() -> None:
    text, line = changed("[costs]", "[costs")
    assert f"line {line}" in refusal(text)


def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    latin = tmp_path / "mine.toml"
    latin.write_bytes(b'name = "\xe9"')
    for path in (tmp_path / "none.toml", latin):
        with pytest.raises(PolicyRefused, match=path.name):
            load(path)


def test_the_version_is_the_content_and_not_the_layout(tmp_path: Path) -> None:
    path = tmp_path / "same.toml"
    start, rest = TEXT.split("[costs]", 1)
    section, rest = rest.split("[handling]", 1)
    path.write_text(f"# moved\n{start}[handling]{rest}\n[costs]{section}", encoding="utf-8")
    assert load(path).version == POLICY.version
    assert parse(TEXT.replace("asked = 4.0", "asked = 4.5")).version != POLICY.version


def test_diff_names_what_changed_and_nothing_else() -> None:
    text = TEXT.replace("asked = 4.0", "asked = 5.5").replace("UAH = 0.17\n", "")
    changes = diff(POLICY, parse(text))
    assert [tuple(change) for change in changes] == [
        ("costs.asked", 4.0, 5.5),
        ("currency.rates.UAH", 0.17, None),
    ]
    assert diff(POLICY, parse(TEXT + "\n# a comment")) == []


def test_a_policy_can_be_varied_for_a_sweep_and_stays_checked() -> None:
    dearer = vary(POLICY, {"costs.asked": 5.5, "caps.honest_share": 0.03})
    assert [change.path for change in diff(POLICY, dearer)] == ["caps.honest_share", "costs.asked"]
    assert vary(dearer, {"costs.asked": 4.0, "caps.honest_share": 0.05}).version == POLICY.version
    for path, value in (("costs.aksed", 1.0), ("costs.asked", -1.0), ("name.asked", 1.0)):
        with pytest.raises(PolicyRefused, match=path):
            vary(POLICY, {path: value})


def test_every_rule_has_words_and_every_word_a_rule() -> None:
    assert set(RULES) == set(POLICY.rules)
    assert all(POLICY.rules[name].source for name in RULES)
    first, text = "fault_found", POLICY.source
    assert f"missing: ['{first}']" in refusal(text.replace(f"[rules.{first}]", "[rules.other]"))


def test_the_commonest_currencies_have_a_rate() -> None:
    common = "USD EUR JPY GBP CNY AUD CAD CHF HKD SGD SEK KRW NOK NZD INR MXN TWD ZAR BRL DKK"
    assert set(common.split()) <= POLICY.currency.rates.keys()


def test_a_kind_of_article_may_also_have_the_goods_that_laws_exclude() -> None:
    written = tomllib.loads(TEXT)["articles"]["spoils"]
    assert written["also"] == "perishable"
    assert POLICY.articles
    assert POLICY.laws
    categories = POLICY.articles["spoils"].categories
    excluded = POLICY.laws["CN"].no_reason.excluded.perishable.categories
    assert categories == (*excluded, *written["categories"])
    in_full = TEXT.replace('also = "perishable"\n', "").replace(
        "categories = [\n    " + '"food"',
        f"categories = [{', '.join(map(repr, excluded))}, " + '"food"',
    )
    assert parse(in_full).version == POLICY.version
