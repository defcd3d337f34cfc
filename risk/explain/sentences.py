"""A feature's sentence with its number in it, in both languages, as a reviewer reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from risk.explain.grammar import GAP, before, capital, denied, none, one, unknown
from risk.explain.numbers import CLOCK, Show, shower
from risk.features.spec import Feature

Words = dict[str, str]
LONG_HOURS = 72
"""From so many hours on, a time is told in days."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A sentence in both languages, cut where the number goes."""

    en: tuple[str, str]
    zh: tuple[str, str]

    @staticmethod
    def of(en: str, zh: str) -> _Form:
        (en, _, en_tail), (zh, _, zh_tail) = capital(en).partition(GAP), zh.partition(GAP)
        return _Form((en, en_tail), (zh, zh_tail))

    def filled(self, shown: str) -> Words:
        """The sentences around a number."""
        (en, en_tail), (zh, zh_tail) = self.en, self.zh
        return {"en": f"{en}{shown}{en_tail}", "zh": f"{zh}{shown}{zh_tail}"}


@dataclass(frozen=True, slots=True)
class _Speech:
    """Every form of one feature's sentence. `show` is None where it is a yes or a no."""

    show: Show | None
    many: _Form
    fixed: Mapping[str, Words]
    before: tuple[_Form, Words] | None
    no: Words
    unknown: Words
    in_days: _Speech | None


def sentence(feature: Feature, value: float, currency: str = "") -> Words:
    """What a reviewer reads of a feature's value, by language; NaN is unknown."""
    text = feature.text
    speech = _speech(text["en"], text["zh"], feature.unit)
    if value != value:  # noqa: PLR0124 - NaN is unknown, and this is the quick way to ask
        return speech.unknown.copy()
    if speech.in_days is not None and abs(value) >= LONG_HOURS:
        speech, value = speech.in_days, value / 24
    if speech.show is None:
        return speech.many.filled("") if value > 0 else speech.no.copy()
    if value < 0 and speech.before is not None:
        (form, once), shown = speech.before, speech.show(-value, currency)
        return once.copy() if shown == "1" else form.filled(shown)
    shown = speech.show(value, currency)
    fixed = speech.fixed.get(shown)
    return speech.many.filled(shown) if fixed is None else fixed.copy()


@lru_cache(maxsize=4096)
def _speech(en: str, zh: str, unit: str) -> _Speech:
    """The forms of a sentence, made once."""
    show, days = shower(en, unit), None
    nobody_knows = {"en": capital(unknown(en, unit, "en")), "zh": unknown(zh, unit, "zh")}
    no = {"en": capital(denied(en, "en")), "zh": denied(zh, "zh")}
    if CLOCK in en:
        en, zh = en.replace(" o'clock", ""), zh.replace("{value}时", "{value}")
    elif unit == "hours":
        longer = en.replace("{value} hours", "{value} days"), zh.replace("{value}小时", "{value}天")
        days = _speech(*longer, "days")
    fixed = {"0": _with(none(en) if unit == "count" else en, zh, "0"), "1": _with(one(en), zh, "1")}
    early = (before(en, "en"), before(zh, "zh"))
    turned = None if early == (en, zh) else (_Form.of(*early), _with(one(early[0]), early[1], "1"))
    return _Speech(show, _Form.of(en, zh), fixed, turned, no, nobody_knows, days)


def _with(en: str, zh: str, shown: str) -> Words:
    """Whole sentences for a number that is known beforehand."""
    return {"en": capital(en).replace(GAP, shown), "zh": zh.replace(GAP, shown)}
