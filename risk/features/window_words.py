"""How the window of a feature is said."""

from __future__ import annotations

_OWN: dict[int | None, tuple[str, str]] = {
    None: ("ever", "历史上"),
    1: ("in the last day", "1天内"),
    730: ("in two years", "两年内"),
}


def window_words(days: int | None) -> tuple[str, str]:
    """A window of so many days, or of all time, in English and in Chinese.

    >>> window_words(730), window_words(90)
    (('in two years', '两年内'), ('in 90 days', '90天内'))
    """
    return _OWN.get(days, (f"in {days} days", f"{days}天内"))
