"""Sources of rules, in Chinese."""

from __future__ import annotations

import json
import re

from risk.explain.rule_sources import source_in
from risk.policy import load
from risk.policy.law import LawPack, LawText, packs_of


def law(market: str) -> list[LawText]:
    made = LawPack.model_validate_json(json.dumps(packs_of({"default": market})[market]))
    return list(made.rules.values())


def test_every_source_that_the_product_brings_is_in_chinese() -> None:
    ours = [one.source for one in load().rules.values()]
    ours += [one.source for one in law("CN")]
    english = {one: said for one in ours if re.search("[A-Za-z]{2}", said := source_in("zh", one))}
    assert not english
    for market in ("EU", "UK"):
        for one in law(market):
            said = source_in("zh", one.source)
            assert re.search("[一-鿿]", said)
            assert "in force" not in said
            assert one.since in said


def test_a_shops_own_source_and_english_stay_as_written() -> None:
    assert source_in("zh", "Our terms, art. 3") == "Our terms, art. 3"
    assert source_in("en", "PIPL art. 24: no refusal by machine alone").startswith("PIPL")
