"""Every rule of the packaged policy has a name in both languages, short enough for a list."""

from __future__ import annotations

import re

from risk import policy
from risk.explain.rule_names import rule_names


def test_every_rule_has_a_name_of_its_own_in_both_languages() -> None:
    names = rule_names()
    assert set(names) == set(policy.load().rules)
    for language in ("en", "zh"):
        told = [name[language] for name in names.values()]
        assert len(set(told)) == len(told)
        assert max(map(len, told)) <= 45
    assert all(re.search(r"[\u4e00-\u9fff]", name["zh"]) for name in names.values())
    assert not any("_" in name["en"] for name in names.values())
