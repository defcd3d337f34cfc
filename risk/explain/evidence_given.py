"""What was given of a case, and by whom, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from risk.facts.localised import LISTED, LocalisedText

_KINDS: dict[str, tuple[str, str, str]] = {
    "photo": ("photo", "photos", "照片{count}张"),
    "video": ("video", "videos", "视频{count}段"),
    "document": ("document", "documents", "文件{count}份"),
    "chat": ("chat message", "chat messages", "聊天记录{count}份"),
    "service_report": ("service report", "service reports", "售后检测报告{count}份"),
}
_GIVERS: dict[str, LocalisedText] = {
    "customer": {"en": "from the customer", "zh": "客户"},
    "merchant": {"en": "from the shop", "zh": "商家"},
    "courier": {"en": "from the courier", "zh": "快递"},
}


def evidence_given(items: Iterable[tuple[str, str]], language: str) -> str:
    """How much of what each side gave, by (kind, who); empty for nothing.

    >>> evidence_given([("photo", "customer"), ("video", "merchant"), ("photo", "customer")], "en")
    '2 photos from the customer, 1 video from the shop'
    """
    counts = Counter((by, kind) for kind, by in items)
    order = [by for by in _GIVERS if any(one == by for one, _ in counts)]
    return LISTED[language].join(_of(by, counts, language) for by in order)


def _of(by: str, counts: Counter[tuple[str, str]], language: str) -> str:
    given = [_counted(kind, count, language) for (one, kind), count in counts.items() if one == by]
    if language == "zh":
        return f"{_GIVERS[by]['zh']}{'、'.join(given)}"
    return f"{' and '.join(given)} {_GIVERS[by]['en']}"


def _counted(kind: str, count: int, language: str) -> str:
    one, many, chinese = _KINDS.get(kind, ("item", "items", "凭证{count}份"))
    return (
        f"{count} {one if count == 1 else many}"
        if language == "en"
        else chinese.format(count=count)
    )
