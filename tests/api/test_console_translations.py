"""The words of the console: in both languages, with the same blanks, used, and defined once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, get_args

from api.console.reason_facts_page import COLUMNS
from api.console.since_decided import NEW as SINCE
from api.console.translations import translations
from risk.cases.figures.overview_rows import DIMENSIONS
from risk.cases.figures.part_rows import PARTS
from risk.cases.figures.target_rows import Measure
from risk.cases.lists.queue_order_rows import ORDERS
from risk.cases.lists.suggestion_rows import Kind
from risk.cases.record.timeline_sentences import SENTENCES
from risk.cases.steps.approvals import WHOM
from risk.evidence.reading.media_type import READ
from risk.explain.code_labels import LABELS
from risk.facts import FILES
from risk.findings import NEGATIVE_VERDICTS
from risk.policy.situation import TIERS
from risk.webhooks import file_fetches
from risk.webhooks.inbox_rows import STATES


def test_every_word_is_there_in_both_languages_and_used() -> None:
    words = translations()
    for key, said in words.items():
        assert said["en"], key
        assert said["zh"], key
        holes = [set(re.findall(r"{(\w+)}", said[language])) for language in ("en", "zh")]
        assert holes[0] == holes[1], key
    text = "".join(_sources())
    made = {f"{stem}{end}" for stem, end in _made_keys()}
    unused = [key for key in words if f"'{key}'" not in text and f'"{key}"' not in text]
    assert sorted(set(unused) - made) == []


def _sources() -> Iterator[str]:
    folder = files("api.console")
    for part in ("templates", "."):
        for file in folder.joinpath(part).iterdir():
            if file.name.endswith((".html", ".py")):
                yield file.read_text("utf-8")


def _made_keys() -> Iterator[tuple[str, Any]]:
    """Keys that templates put together from a stem and a code."""
    for end in ("customer", "merchant", "courier"):
        yield "case_asked_", end
        yield "case_since_asked_", end
        yield "case_who_", end
    for end in ("shipped", "shipped_by", "delivered"):
        yield "act_about_", end
    for status in (403, 404, 408, 409, 422, 500, 503):
        yield "error_", status
        yield "error_", f"{status}_lead"
    for stem, ends in {
        "role_": ("reviewer", "administrator"),
        "delivery_": ("waiting", "sent", "failed"),
        "near_differs_": ("customer", "article", "mirrored", "turned", "later"),
        "page_": ("case", "customer", "dossier", "facts", "file"),
        "fact_": COLUMNS,
        "case_least_": TIERS,
        "order_": ORDERS,
        "case_since_": (*SINCE, "corrected", "requests", "orders"),
        "measure_": ("honest_bothered", "honest_waiting", "abuse_stopped", "auc", "log_loss"),
        "act_language_": ("statement", "market"),
        "case_message_": ("en", "zh", "exchanged", "withdrawn", *NEGATIVE_VERDICTS),
        "inbox_": STATES,
        "suggest_": get_args(Kind),
        "inbox_file_": get_args(file_fetches.State),
        "case_": ("base", "score"),
        "dim_": (*DIMENSIONS, *PARTS),
        "target_": get_args(Measure),
        "over_count_": get_args(Measure),
        "over_saw_": ("seen", "unseen", "blind"),
        "many_": ("claim", "ask", "close"),
        "approvals_": WHOM,
        "did_": ("score", "claim", "release", "finding", "ask", "note", "escalate", "appeal",
                 "listing", "withdraw", "contest", "files", "correct", "assign", "call", "offer"),
        "file_": ("unknown", *(media_type.replace("/", "_") for media_type in READ)),
        "file_made_by_": FILES.field("made_by").choices,
        "file_credentials_": ("intact", "broken"),
    }.items():  # fmt: skip
        for end in ends:
            yield stem, end


def test_labels_and_sentences_have_both_languages() -> None:
    for table in LABELS.values():
        assert all(said["en"] and said["zh"] for said in table.values())
    for said in SENTENCES.values():
        holes = [set(re.findall(r"{(\w+)}", said[language])) for language in ("en", "zh")]
        assert holes[0] == holes[1]


def test_no_word_is_defined_twice() -> None:
    folder = files("api.console.translations")
    keys = [
        line.split("|")[0].strip()
        for part in folder.iterdir()
        if part.name.endswith(".txt")
        for line in part.read_text("utf-8").splitlines()
        if line.strip()
    ]
    assert sorted(keys) == sorted(set(keys))
