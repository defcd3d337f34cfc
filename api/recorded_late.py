"""The warning about a history that is sent as if it had become known today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from api.schemas.facts import Warned
from risk.facts import RETRACTIONS, Kind
from risk.facts.format import iso
from risk.facts.history_age import OLD_MS, old_facts
from risk.facts.models import Fact
from risk.facts.units import DAY_MS
from risk.history.connection.connect import now_ms

_TEXT = {
    "en": "{count} of {of} happened more than {days} days ago ({field}, the oldest on {day}) and "
    "count as known from now, so that counts over days and weeks see them as new. Send a history "
    "with `known_at`, when each could first have been known, by a key with the scope "
    "`backdate`, or by `refund-risk import`.",
    "zh": "{of} 条中有 {count} 条发生在 {days} 天以前（{field}，最早为 {day}），"
    "却从现在起才算知悉，按天、按周的统计会把它们当作新发生的。历史数据请用具有 `backdate` "
    "权限的密钥发送并逐条注明 `known_at`（最早可能知悉的时间），或使用 `refund-risk import`。",
}


def recorded_late(kind: Kind, facts: Sequence[Fact]) -> Warned | None:
    """What is wrong with the times of these facts; None where nothing is."""
    if kind is RETRACTIONS:
        return None
    times = [(fact.value(kind.event_time), fact.value("known_at")) for fact in facts]
    old = old_facts(kind, times, now_ms())
    if old is None:
        return None
    said = {**asdict(old), "days": OLD_MS // DAY_MS, "day": iso(old.oldest)[:10]}
    text = {language: words.format(**said) for language, words in _TEXT.items()}
    return Warned(code="recorded_late", field=old.field, count=old.count, text=text)
