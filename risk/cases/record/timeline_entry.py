"""An entry of a case's timeline.

It names no other customer. Its sentence is rendered later, by language, with money and codes
formatted by whoever shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

EntryKind = Literal[
    "order",
    "parcel",
    "request",
    "evidence",
    "inspection",
    "outcome",
    "feedback",
    "dispute",
    "decision",
    "action",
    "correction",
]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event: when (ms), what, and whether it belongs to this case (`own`).

    `text` is a key of `timeline_sentences.SENTENCES`, `values` fill it in: a tuple (table, code) is
    a code with a label, (`money`, amount, currency) an amount. `refund_id` is the other request it
    links to, `tone` whether a finding is bad or good for the customer, `quote` free text.
    `ends_request`: from then on this request does not stand.
    """

    at: int
    kind: EntryKind
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    own: bool = True
    refund_id: str | None = None
    tone: Literal["bad", "good", ""] = ""
    quote: str = ""
    ends_request: bool = False
