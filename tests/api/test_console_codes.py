"""No page in Chinese shows a code of the contract where it has a word for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from risk.access import people
from risk.cases import Actor, ReviewFinding, add_list_entry, record_finding
from risk.cases.acts.actions import appeal
from risk.explain.code_labels import LABELS
from risk.explain.known_names import COURIERS, CUSTOMER_GROUPS
from risk.facts import EVIDENCE, INSPECTIONS, KINDS, ORDERS, REFUNDS, SHIPMENTS, VERDICTS
from risk.facts.fields import Kind
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.policy.situation import TIERS
from tests.api.console_visits import PASSWORD, Visitor, visitor
from tests.api.serving import Running, small_bundle
from tests.deciders import DAY, HOUR, body

SAME = {"EMS", "UPS", "DHL", "DPD", "vip"}
"""Names that are the same in Chinese."""

CODES = {
    *(code for kind in KINDS.values() for field in kind.fields for code in field.choices),
    *TIERS, *COURIERS, *CUSTOMER_GROUPS,
    *(code for table in LABELS.values() for code in table),
} - SAME  # fmt: skip
SHOWN = ("title", "aria-label", "alt", "placeholder", "data-label")


class Words(HTMLParser):
    """What a reader sees or hears of a page, without ids and what is in the other language."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._left_out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in ("input", "link", "meta", "img", "rect", "path", "circle", "line", "br"):
            self.words += [named.get(name) or "" for name in SHOWN] * (not self._left_out)
            return
        own = {"id", "keylist"} & set((named.get("class") or "").split())
        foreign = named.get("lang") == "en" or tag in ("script", "code", "kbd", "bdi", "datalist")
        if self._left_out or own or foreign or named.get("dir") == "auto":
            self._left_out.append(tag)
        else:
            self.words += [named.get(name) or "" for name in SHOWN]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._left_out:
            while self._left_out.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            self.words.append(data)


def codes_in(html: str) -> set[str]:
    page = Words()
    page.feed(html)
    return {
        word
        for text in page.words
        for word in re.findall(r"(?<![\w./=-])[A-Za-z_]+(?![\w./=-])", text)
        if word in CODES
    }


def chosen(kind: Kind, n: int) -> dict[str, str]:
    """A value of each field of a kind that has choices, another for each number."""
    fields = [field for field in kind.fields if field.choices]
    return {field.name: field.choices[n % len(field.choices)] for field in fields}


def requested(n: int) -> dict[str, Any]:
    """A body of which every code differs from those of the others."""
    now = now_ms() - HOUR
    courier = sorted(COURIERS)[n % len(COURIERS)]
    one = body(f"codes{n}", at=now, **{**chosen(REFUNDS, n), "state": "open"})
    [order], refund = one["order"], one["refund"]["refund_id"]
    order.update(chosen(ORDERS, n), customer_id=f"C-codes-{n % 3}", merchant_id=f"M-{n % 2}",
                 category=sorted(LABELS["category"])[n % 15], payment_instrument="card-1",
                 customer_tier=sorted(CUSTOMER_GROUPS)[n % len(CUSTOMER_GROUPS)])  # fmt: skip
    parcel = {"order_id": order["order_id"], "courier": courier}
    one["shipments"] = [
        {**parcel, **chosen(SHIPMENTS, n), "status": status, "direction": "outbound",
         "occurred_at": iso(now - (3 * DAY - step * HOUR))}
        for step, status in enumerate(SHIPMENTS.field("status").choices)
    ]  # fmt: skip
    one["evidence"] = [
        {**chosen(EVIDENCE, n + step), "evidence_id": f"E-{refund}-{step}", "refund_id": refund,
         "submitted_at": iso(now + HOUR // 2), "kind": kind}
        for step, kind in enumerate(EVIDENCE.field("kind").choices)
    ]  # fmt: skip
    if n % 2:
        one["inspection"] = {"refund_id": refund, "inspected_at": iso(now + HOUR // 2),
                             **chosen(INSPECTIONS, n // 2)}  # fmt: skip
    return one


@pytest.fixture(scope="module")
def cases(served: Running, client: httpx.Client) -> list[dict[str, Any]]:
    served.promote("suspicious", small_bundle(0, 5.0))
    history, mei = served.service.history, Actor("mei")
    people.add_person(history, "mei", PASSWORD, role="administrator")
    made = []
    for n in range(18):
        answer = client.post("/v1/refunds/score", json=requested(n))
        assert answer.status_code == 200, answer.text
        made.append(answer.json())
    looked_at = [one["refund_id"] for one in made if one["tier"] != "approve"]
    assert len(looked_at) > len(VERDICTS)
    for name, verdict in zip(looked_at, VERDICTS, strict=False):
        record_finding(history, name, mei, ReviewFinding(verdict, "refused", note="一个理由"))
    appeal(history, looked_at[3], Actor("leo"), "一个事由")
    for name, kind in ((looked_at[4], "block"), (looked_at[6], "allow")):
        add_list_entry(history, name, mei, kind=kind, cause="事由", asks="evidence", days=9)
    return made


@pytest.fixture(scope="module")
def chen(served: Running, cases: list[dict[str, Any]]) -> Iterator[Visitor]:
    someone = visitor(served, "zh-CN")
    assert someone.log_in("mei").status_code == 303
    yield someone
    someone.http.close()


PAGES = (
    "", "?state=closed", "?tier=approve&reason=late&type=repair&due=soon&order=money", "find?q=R-",
    "findings", "lists", "policy", "decisions", "overview", "overview?merchant=M-1", "people",
    "log", "account", "keys", "deliveries", "inbox", "nowhere", "customer?id=C-codes-0",
    "customer?id=C-codes-1", "?amount_from=lots&tier=none&order=fun&ring=many",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_no_code(chen: Visitor, page: str) -> None:
    answer = chen.http.get("/console" + ("" if page.startswith("?") or not page else "/") + page)
    assert answer.status_code in (200, 404, 422)
    assert codes_in(answer.text) == set()


@pytest.mark.parametrize("page", ["case", "dossier"])
def test_the_page_of_a_case_shows_no_code(
    chen: Visitor, cases: list[dict[str, Any]], page: str
) -> None:
    for one in cases:
        name = one["refund_id"]
        if page == "case":
            chen.send("case/claim", id=name)
            chen.send("case/score", id=name)
        assert codes_in(chen.read(page, id=name).text) == set(), name


def test_the_facts_behind_a_reason_show_no_code(chen: Visitor, cases: list[dict[str, Any]]) -> None:
    for one in cases[:6]:
        for reason in one["reasons"]:
            if reason["feature"]:
                page = chen.read("facts", id=one["refund_id"], reason=reason["feature"])
                assert codes_in(page.text) == set(), reason["feature"]


def test_codes_are_seen_where_they_stand() -> None:
    page = '<p title="late">SF, <span class="id">abuse</span><b>seller_fault</b> R-late</p>'
    assert codes_in(page) == {"late", "SF", "seller_fault"}
