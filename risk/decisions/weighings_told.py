"""What the parcels of a case weighed, side by side, in words, and the reasons that nobody is told
since something else that is known says otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from risk.explain.code_labels import label
from risk.facts import UNRECEIVED_REASONS
from risk.facts.format import weight_text
from risk.facts.localised import COMMA, LANGUAGES, LocalisedText
from risk.facts.units import MG_PER_GRAM
from risk.policy.disputed_inspection import inspector
from risk.policy.situation import Situation
from risk.policy.weight_on_way import grew_lighter, is_lighter

INSIDE = frozenset(UNRECEIVED_REASONS) | {"missing_item", "wrong_item"}
"""Reasons that what arrived of the parcel to the customer says something about."""

OF_THE_RETURN = re.compile(r"(own_)?return_(weight_ratio|against_catalogue)|sent_against_catalogue")
"""Features that compare the heaviest weight of a parcel, wherever it was weighed."""

UNPROVEN = re.compile(
    r"customer_((orders_)?(same|quick)|orders_asked|asked_share|never_came_orders|unproven|refund_only"
    r"|kept).*|order_requests"
)
"""Features that count other requests of the customer, decided or not."""

_LOST: dict[str, LocalisedText] = {
    "outbound": {
        "en": "The parcel weighed {start} when sent and {end} on arrival: it lost weight on its "
        "way",
        "zh": "包裹发出时重 {start}，签收时重 {end}：途中变轻",
    },
    "return": {
        "en": "The return weighed {start} when handed in and {end} on arrival: it lost weight on "
        "its way",
        "zh": "退货寄出时重 {start}，签收时重 {end}：途中变轻",
    },
}
_FOUND: LocalisedText = {"en": "Inspection by {by}: {found}", "zh": "{by}验货结果：{found}"}
_BACK: LocalisedText = {"en": "the return weighs {grams}", "zh": "退货重 {grams}"}
_SENT: LocalisedText = {"en": "the parcel sent weighed {grams}", "zh": "发出的包裹重 {grams}"}
_DUE: LocalisedText = {"en": "what should come back weighs {grams}", "zh": "应退商品重 {grams}"}
_WHOLE: LocalisedText = {
    "en": "The return weighs {back}, the parcel sent weighed {sent}: it came back as heavy as it "
    "was sent",
    "zh": "退货重 {back}，发出时重 {sent}：重量与发出时一致",
}
SAME, LEAST_G = 0.05, 20.0
"""Weights of two parcels that differ by no more than this share, or so many grams, are the same."""


def lost_on_way(case: Situation) -> list[LocalisedText]:
    """What lost weight between sender and receiver, as far as the claim is about it."""
    return [
        _filled(_LOST[way], start=start, end=end)
        for way, start, end in case.weighings
        if is_lighter(start, end) and (way == "return" or case.reason_code in INSIDE)
        if start is not None and end is not None
    ]


def came_back_whole(case: Situation) -> list[LocalisedText]:
    """That a return weighs what was sent, packed as it was."""
    back, sent = case.return_weight_g, _sent(case)
    if back is None or sent is None or not is_same(back, sent) or grew_lighter(case, "return"):
        return []
    return [_filled(_WHOLE, back=back, sent=sent)]


def is_same(back: float, sent: float) -> bool:
    """Whether two parcels weigh the same (grams), as far as scales and tape go.

    >>> is_same(705.0, 710.0), is_same(140.0, 2_100.0), is_same(60.0, 75.0)
    (True, False, True)
    """
    return abs(back - sent) <= max(SAME * sent, LEAST_G) and back > LEAST_G


def _sent(case: Situation) -> float | None:
    """What the parcel to the customer weighed at most, in grams."""
    known = [max(x or 0.0, y or 0.0) for way, x, y in case.weighings if way == "outbound"]
    return max(known, default=None) or None


def weights_compared(case: Situation, language: str) -> str:
    """What came back beside what was sent, both packed; else beside what should come back, where
    the packed parcel weighs less than that. Empty where nothing of this is known, where the two are
    the same, which speaks for the customer, or where the parcel lost weight on its way."""
    back, sent, due = case.return_weight_g, _sent(case), case.sent_weight_g
    if back is None or grew_lighter(case, "return") or came_back_whole(case):
        return ""
    if sent is not None:
        told = [(_BACK, back), (_SENT, sent)]
    elif due is not None and back < due:
        told = [(_BACK, back), (_DUE, due)]
    else:
        return ""
    return COMMA[language].join(_filled(text, grams=grams)[language] for text, grams in told)


def without_contradicted(case: Situation | None, body: Mapping[str, Any]) -> dict[str, Any]:
    """A Decision's members without the reasons that compare a weight which the last one
    contradicts, or count another request as not justified that is still open: the two are one
    complaint."""
    if case is None:
        return dict(body)
    lost, twice = bool(lost_on_way(case)), case.money is not None and case.money.asked_before > 0
    kept = [r for r in body["reasons"] if not (_is_weight(r) and lost)]
    kept = [_named(case, one) for one in kept if not (twice and _is_open_one(one))]
    return {**body, "reasons": kept}


def _named(case: Situation, reason: Mapping[str, Any]) -> Mapping[str, Any]:
    """A reason that an inspection found something bad says what, and who found it."""
    if reason["feature"] != "inspected_bad" or not case.inspections:
        return reason
    by = inspector(case)
    found = {one: label("condition_found", case.inspections[-1], one).lower() for one in LANGUAGES}
    text = {one: _FOUND[one].format(by=by[one], found=found[one]) for one in LANGUAGES}
    return {**reason, "text": text}


def _is_weight(reason: Mapping[str, Any]) -> bool:
    return OF_THE_RETURN.fullmatch(reason["feature"] or "") is not None


def _is_open_one(reason: Mapping[str, Any]) -> bool:
    """Whether a reason counts no other request than the open one for the same goods."""
    named = UNPROVEN.fullmatch(reason["feature"] or "") is not None
    return named and reason.get("counted", reason["value"]) == 1


def _filled(text: LocalisedText, **grams: float) -> LocalisedText:
    known = {name: weight_text(round(value * MG_PER_GRAM)) for name, value in grams.items()}
    return {language: text[language].format(**known) for language in LANGUAGES}
