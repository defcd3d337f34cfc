"""What an approval rests on, as somebody of the after-sales team says it to a shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from risk.decisions.headline import AGAINST, ROUTING, stories
from risk.decisions.record_told import record_parts
from risk.decisions.weighings_told import came_back_whole, lost_on_way, without_contradicted
from risk.explain.code_labels import label
from risk.facts.localised import COLON, COMMA, LANGUAGES, SEMICOLON, STOP, LocalisedText
from risk.policy import Situation

_NOTHING: LocalisedText = {"en": "Nothing speaks against it", "zh": "没有不利情况"}
_AGAINST: LocalisedText = {
    "en": "Against the request: {text}; too little to ask for more or to hold it",
    "zh": "不利的是：{text}；不足以要求补充资料或暂缓办理",
}


def approval_headline(body: Mapping[str, Any], case: Situation) -> LocalisedText:
    """The claim and the record, the rule that it rests on where there is one, and what speaks
    against it. `body` holds the members of a Decision of the tier `approve`."""
    return {one: STOP[one].join(_parts(body, case, one)) + STOP[one].rstrip() for one in LANGUAGES}


def _parts(body: Mapping[str, Any], case: Situation, language: str) -> list[str]:
    record = COMMA[language].join(record_parts(case, language, sent=True))
    reason = label("reason", case.reason_code, language)
    record = record[:1].lower() + record[1:]
    grounds = [rule["text"][language] for rule in body["rules"] if rule["id"] not in ROUTING]
    weights = (*lost_on_way(case), *came_back_whole(case))
    grounds = [*grounds[:1], *(one[language] for one in weights)]
    against = stories(without_contradicted(case, body), "raises", AGAINST, links=True)
    said = SEMICOLON[language].join(one[language].rstrip(".。") for one in against)
    last = _AGAINST[language].format(text=said) if said else _NOTHING[language]
    claim = f"{reason}{COLON[language]}{record}" if record else reason
    return [claim, *(g.rstrip(".。") for g in grounds), last]
