"""A feature's sentence with its number in it, in both languages, as a reviewer reads it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from risk.explain.grammar import GAP, before, capital, denied, none, one, unknown
from risk.explain.numbers import CLOCK, Show, shower
from risk.features.spec import Feature, none_of

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
    zero: Words | None
    once: Words
    before: tuple[_Form, Words] | None
    unknown: Words
    in_days: _Speech | None


def sentence(feature: Feature, value: float, currency: str = "") -> Words:
    """What a reviewer reads of a feature's value, by language; NaN is unknown."""
    speech = _speech_of(feature)
    if value != value:  # noqa: PLR0124 - NaN is unknown, and this is the quick way to ask
        return speech.unknown.copy()
    if speech.in_days is not None and abs(value) >= LONG_HOURS:
        speech, value = speech.in_days, value / 24
    if value == 0 and speech.zero is not None:
        return speech.zero.copy()
    if speech.show is None:
        return speech.many.filled("")
    if value < 0 and speech.before is not None:
        (form, once), shown = speech.before, speech.show(-value, currency)
        return once.copy() if shown == "1" else form.filled(shown)
    shown = speech.show(value, currency)
    return speech.once.copy() if shown == "1" else speech.many.filled(shown)


def _speech_of(feature: Feature) -> _Speech:
    text = feature.text
    own = (text[none_of("en")], text[none_of("zh")]) if none_of("en") in text else None
    return _speech(text["en"], text["zh"], feature.unit, own)


@lru_cache(maxsize=4096)
def _speech(en: str, zh: str, unit: str, own: tuple[str, str] | None = None) -> _Speech:
    """The forms of a sentence, made once; `own` are the catalogue's words for zero, or for a no."""
    show, days = shower(en, unit), None
    nobody_knows = {"en": capital(unknown(en, unit, "en")), "zh": unknown(zh, unit, "zh")}
    if CLOCK in en:
        en, zh = en.replace(" o'clock", ""), zh.replace("{value}时", "{value}")
    elif unit == "hours":
        longer = en.replace("{value} hours", "{value} days"), zh.replace("{value}小时", "{value}天")
        days = _speech(*longer, "days")
    early = (before(en, "en"), before(zh, "zh"))
    turned = None if early == (en, zh) else (_Form.of(*early), _with(one(early[0]), early[1], "1"))
    once, zero = _with(one(en), zh, "1"), _zero(en, zh, unit, own)
    return _Speech(show, _Form.of(en, zh), zero, once, turned, nobody_knows, days)


def _zero(en: str, zh: str, unit: str, own: tuple[str, str] | None) -> Words | None:
    """The words for zero, or for a no; None where the number zero says it best."""
    if own is not None:
        return _with(*own, "")
    if GAP not in en:
        return _with(denied(en, "en"), denied(zh, "zh"), "")
    if unit not in ("count", "money") or not en.startswith(GAP):
        return None
    return _with(none(en, unit, "en"), none(zh, unit, "zh"), "0")


def _with(en: str, zh: str, shown: str) -> Words:
    """Whole sentences for a number that is known beforehand."""
    return {"en": capital(en).replace(GAP, shown), "zh": zh.replace(GAP, shown)}
