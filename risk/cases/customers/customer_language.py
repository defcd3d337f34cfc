"""The language that a customer is written to in: that of their own words, else of their market."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from risk.cases.record.case_record_rows import CaseRecord
from risk.cases.record.timeline import currency_of
from risk.facts.localised import Language

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")


class WrittenIn(NamedTuple):
    """A language, and what it was chosen by: the customer's statement, or the order's currency."""

    language: Language
    by: Literal["statement", "market"]


def customer_language(record: CaseRecord) -> WrittenIn:
    """Chinese where the customer writes Chinese, English where they write anything else; who wrote
    nothing is written to in Chinese for an order in yuan."""
    said = record.request["reason_text"] or ""
    if _CHINESE.search(said):
        return WrittenIn("zh", "statement")
    if _LETTER.search(said):
        return WrittenIn("en", "statement")
    return WrittenIn("zh" if currency_of(record) == "CNY" else "en", "market")
