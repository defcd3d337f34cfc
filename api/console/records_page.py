"""The records: what was found, who is on a list, and the policy in force with those before it."""

from __future__ import annotations

import json
import re
from typing import Any

from fastapi.responses import Response

from api.console.csv_answer import MOST, csv_answer
from api.console.page_route import page_router
from api.console.session import LoggedIn, PageContext
from risk import policy
from risk.access.people import all_people
from risk.cases.lists.record_rows import (
    KeptPolicy,
    entries_in_force,
    findings_found,
    kept_policies,
    latest_version,
)
from risk.errors import NotFound
from risk.facts import VERDICTS
from risk.facts.format import iso, money
from risk.history.connection.connect import now_ms
from risk.history.connection.page_rows import PageOf
from risk.policy import Policy

PAGE = 50
_BLANK = re.compile(r"\{\w+\}(?: \{currency\})?")
"""What a rule's sentence leaves to be filled in for a case."""

router = page_router()


@router.get("/findings")
def findings(context: LoggedIn, verdict: str = "", before: str = "", format: str = "") -> Response:  # noqa: A002
    wanted = verdict if verdict in VERDICTS else None
    page = PageOf(MOST) if format == "csv" else PageOf.at_or_newest(before, PAGE)
    with context.resources.history.read() as connection:
        found = findings_found(connection, page, wanted)
    if format == "csv":
        head = ("refund_id", "verdict", "found_by", "closed_at", "reason_code", "type",
                "merchant_id", "amount", "currency", "selected_by")  # fmt: skip
        rows = ([_written(row, name) for name in head] for row in found.rows)
        return csv_answer("findings", head, rows)
    return context.page(
        "findings.html",
        found=found.rows,
        verdict=wanted or "",
        verdicts=VERDICTS,
        before=found.following or "",
        later=bool(before),
    )


def _written(row: dict[str, Any], name: str) -> object:
    if name == "amount":
        return money(row["amount"], row["currency"])
    return iso(row[name]) if name.endswith("_at") else row[name]


@router.get("/lists")
def lists(context: LoggedIn, format: str = "") -> Response:  # noqa: A002
    with context.resources.history.read() as connection:
        entries = entries_in_force(connection, now_ms())
        names = {person.name: person.display_name for person in all_people(connection)}
    if format == "csv":
        head = ("customer_id", "list", "asks", "cause", "by", "since", "until", "refund_id")
        rows = (
            (one.customer_id, one.kind, one.asks, one.cause, one.by, iso(one.known_at),
             iso(one.expires_at) if one.expires_at else None, one.refund_id)
            for one in entries
        )  # fmt: skip
        return csv_answer("lists", head, rows)
    return context.page("lists.html", entries=entries, names=names)


@router.get("/policy")
def show_policy(context: LoggedIn, version: str = "") -> Response:
    with context.resources.history.read() as connection:
        kept, latest = kept_policies(connection), latest_version(connection)
    if not kept:
        return context.page("policy.html", kept=[], shown=None)
    versions = [one.version for one in kept]
    wanted = version or latest or versions[0]
    if wanted not in versions:
        raise NotFound(f"no policy {wanted}")
    at = versions.index(wanted)
    return context.page("policy.html", kept=kept, **_shown(context, kept, at), latest=latest)


def _shown(context: PageContext, kept: list[KeptPolicy], at: int) -> dict[str, Any]:
    """A policy in words and values, and what it changed of the one before."""
    one = policy.parse_stored(kept[at].content)
    before = policy.parse_stored(kept[at + 1].content) if at + 1 < len(kept) else None
    language = context.locale.language
    return {
        "shown": kept[at],
        "name": one.name,
        "rules": [
            (name, _BLANK.sub("…", getattr(text, language)), text.source)
            for name, text in one.rules.items()
        ],
        "values": _values(one),
        "changes": policy.diff(before, one) if before else None,
    }


def _values(one: Policy) -> dict[str, list[tuple[str, str]]]:
    """The plain numbers of a policy, by section."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for section, content in json.loads(one.canonical).items():
        plain = [
            (name, ", ".join(map(str, value)) if isinstance(value, list) else str(value))
            for name, value in (content.items() if isinstance(content, dict) else ())
            if (isinstance(value, int | float | str) and not isinstance(value, bool))
            or (isinstance(value, list) and value and not isinstance(value[0], dict))
        ]
        if plain and section not in ("wording", "rules", "phrases", "evidence"):
            sections[section] = plain
    return sections
