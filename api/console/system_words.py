"""Why a push did not arrive, and why a message brought nothing, in the reader's language."""

from __future__ import annotations

import re

from api.console.localisation import Locale
from api.console.translations import translate
from risk.problem_phrases import Phrase

_STATUS = re.compile(r"answered (?P<status>\d+)")
_SLOW = re.compile(r"(?:no answer|it did not come) within (?P<seconds>[\d.]+) seconds")
_ERROR = re.compile(r"[A-Z]\w*(?:Error|Timeout|Closed)")
"""The name of an error of the network, as it is stored where nothing was answered."""

_WHOLE = {
    "the receiver was stopped": "trouble_stopped",
}


def system_words(locale: Locale, text: str) -> str:
    """What a system says, in words; what names values of others stays as it is stored.

    >>> system_words(Locale("en", "UTC"), "ConnectError")
    'could not be reached (ConnectError)'
    """
    language = locale.language
    if isinstance(text, Phrase):
        return locale.said(text.said(language))
    if text in _WHOLE:
        return translate(_WHOLE[text], language)
    if found := _STATUS.fullmatch(text):
        return translate("trouble_status", language, status=found["status"])
    if found := _SLOW.fullmatch(text):
        return translate("trouble_slow", language, seconds=found["seconds"])
    if _ERROR.fullmatch(text):
        return translate("trouble_unreachable", language, error=text)
    return text
