"""A feature's sentence with its value filled in, in both languages, where the value is a fact.

A fact can be counted: an unknown number, and a share without the count behind it, have no sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from risk.explain.grammar import (
    GAP,
    capitalised,
    earlier,
    negated,
    none_of_share,
    singular,
    zero,
)
from risk.explain.numbers import CLOCK, NumberFormat, format_of
from risk.facts.localised import LocalisedText
from risk.facts.units import MONEY_UNIT
from risk.features.spec import Feature, none_of

LONG_HOURS = 72
"""From so many hours on, a time is given in days."""

CLEAR, LITTLE = 500, 200
"""From so many points of 1,000 on a text has a quality, and up to so many it hardly has it."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A sentence in both languages, split where the number goes."""

    en: tuple[str, str]
    zh: tuple[str, str]

    @staticmethod
    def of(en: str, zh: str) -> _Form:
        (en, _, en_tail), (zh, _, zh_tail) = capitalised(en).partition(GAP), zh.partition(GAP)
        return _Form((en, en_tail), (zh, zh_tail))

    def filled(self, number: str) -> LocalisedText:
        (en, en_tail), (zh, zh_tail) = self.en, self.zh
        return {"en": f"{en}{number}{en_tail}", "zh": f"{zh}{number}{zh_tail}"}


@dataclass(frozen=True, slots=True)
class _Forms:
    """Every form of one feature's sentence. `format` is None for a yes-or-no sentence, `zero` where
    the number 0 says it best, and empty where 0 is no fact."""

    format: NumberFormat | None
    many: _Form
    zero: LocalisedText | None
    once: LocalisedText
    earlier: tuple[_Form, LocalisedText] | None
    in_days: _Forms | None


def sentence(
    feature: Feature, value: float, currency: str = "", whole: float | None = None
) -> LocalisedText | None:
    """What a reviewer reads of a feature's value, by language; None where it is no fact.

    `whole` is the count behind a share, in the unit of the feature that counts it. NaN is unknown.
    """
    if value != value:  # noqa: PLR0124 - NaN is unknown, and this is the quick way to ask
        return None
    if feature.is_share:
        return _share(feature, value, currency, whole)
    forms = _forms_of(feature)
    if feature.unit == "points":
        return _quality(forms, value)
    if forms.in_days is not None and abs(value) >= LONG_HOURS:
        forms, value = forms.in_days, value / 24
    if value == 0 and forms.zero is not None:
        return forms.zero.copy() or None
    return _numbered(forms, value, currency)


def _numbered(forms: _Forms, value: float, currency: str) -> LocalisedText:
    if forms.format is None:
        return forms.many.filled("")
    if value < 0 and forms.earlier is not None:
        (form, once), number = forms.earlier, forms.format(-value, currency)
        return once.copy() if number == "1" else form.filled(number)
    number = forms.format(value, currency)
    return forms.once.copy() if number == "1" else forms.many.filled(number)


def _share(
    feature: Feature, value: float, currency: str, whole: float | None
) -> LocalisedText | None:
    """The counts of a smoothed share."""
    part = counted(feature, value, whole)
    if part is None or whole is None:
        return None
    number = format_of(GAP, "money" if _is_money(feature) else "count")
    assert number is not None
    counts = {"value": number(part, currency), "whole": number(whole, currency)}
    text = feature.text if part else _none_of_share(feature.text)
    en, zh = text["en"].format_map(counts), text["zh"].format_map(counts)
    return {"en": capitalised(en), "zh": zh}


def _none_of_share(text: Mapping[str, str]) -> LocalisedText:
    """The sentence for none of the whole: the catalogue's own, else the one of the share."""
    return {"en": text.get(none_of("en"), text["en"]),
            "zh": text.get(none_of("zh")) or none_of_share(text["zh"])}  # fmt: skip


def counted(feature: Feature, value: float, whole: float | None) -> float | None:
    """How much of `whole` a smoothed share counts, in the unit of the feature that counts it: its
    prior is taken out again. None for other features, and where there is nothing to count."""
    unknown = value != value or not whole or whole != whole  # noqa: PLR0124 - NaN is unknown
    if unknown or whole is None or not feature.is_share:
        return None
    prior, size = feature.params
    unit = MONEY_UNIT if _is_money(feature) else 1
    return round(value * (whole * unit + size) - prior) / unit


def _is_money(feature: Feature) -> bool:
    return feature.measures[1].aggregate == "sum"


def _quality(forms: _Forms, points: float) -> LocalisedText | None:
    """A quality of a text that is clearly there, or hardly; None between."""
    if points >= CLEAR:
        return forms.many.filled("")
    return forms.zero.copy() if points <= LITTLE and forms.zero else None


def _forms_of(feature: Feature) -> _Forms:
    text = feature.text
    own = (text[none_of("en")], text[none_of("zh")]) if none_of("en") in text else None
    return _forms(text["en"], text["zh"], feature.unit, own)


@lru_cache(maxsize=4096)
def _forms(en: str, zh: str, unit: str, own: tuple[str, str] | None = None) -> _Forms:
    """The forms of a sentence, made once; `own` is the catalogue's text for zero, or for a no."""
    number, days = format_of(en, unit), None
    if CLOCK in en:
        en, zh = en.replace(" o'clock", ""), zh.replace("{value}时", "{value}")
    elif unit == "hours":
        longer = en.replace("{value} hours", "{value} days"), zh.replace("{value}小时", "{value}天")
        days = _forms(*longer, "days")
    early = (earlier(en, "en"), earlier(zh, "zh"))
    negative = (
        None
        if early == (en, zh)
        else (_Form.of(*early), _filled(singular(early[0]), early[1], "1"))
    )
    once, none = _filled(singular(en), zh, "1"), _zero(en, zh, unit, own)
    return _Forms(number, _Form.of(en, zh), none, once, negative, days)


def _zero(en: str, zh: str, unit: str, own: tuple[str, str] | None) -> LocalisedText | None:
    """The text for zero, or for a no; None where the number 0 says it best.

    Nothing in one currency may be much in another: an amount of 0 is given as a number.
    """
    if own is not None:
        return _filled(*own, "") if own[0] else {}
    if GAP not in en:
        return _filled(negated(en, "en"), negated(zh, "zh"), "")
    if unit != "count" or not en.startswith(GAP):
        return None
    return _filled(zero(en, "en"), zero(zh, "zh"), "0")


def _filled(en: str, zh: str, number: str) -> LocalisedText:
    """Whole sentences for a number that is known beforehand."""
    return {"en": capitalised(en).replace(GAP, number), "zh": zh.replace(GAP, number)}
