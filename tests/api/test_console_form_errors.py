"""What is wrong with a form is told in Chinese to whoever reads Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pytest

from risk.access import people
from risk.cases import Actor, ReviewFinding, claim, record_finding
from tests.api.console_visits import PASSWORD, Visitor, new_case, visitor
from tests.api.serving import Running, small_bundle

LONG = "x" * 6_000
KEPT = {"Asia", "Shanghai", "IANA", "zhao", "leo", "CNY", "JPEG", "PNG", "WebP", "HEIC", "PDF",
        "MP4", "MOV", "QuickTime"}  # fmt: skip
"""Names that stay as they are."""


@pytest.fixture(scope="module")
def ids(served: Running, client: httpx.Client) -> dict[str, str]:
    """A case that is the reader's, one that is somebody else's, a closed one."""
    served.promote("suspicious", small_bundle(0, 5.0))
    history = served.service.history
    for name in ("zhao", "leo"):
        people.add_person(history, name, PASSWORD, role="administrator")
    made = {name: new_case(client) for name in ("mine", "others", "closed", "free")}
    claim(history, made["mine"], Actor("zhao"))
    claim(history, made["others"], Actor("leo"))
    record_finding(history, made["closed"], Actor("leo"), ReviewFinding("legitimate", "refunded"))
    return made


@pytest.fixture(scope="module")
def zhao(served: Running, ids: dict[str, str]) -> Iterator[Visitor]:
    someone = visitor(served, "zh-CN")
    assert someone.log_in("zhao").status_code == 303
    yield someone
    someone.http.close()


FORMS: tuple[tuple[str, dict[str, str]], ...] = (
    ("case/finding", {"id": "mine"}),
    ("case/finding", {"id": "mine", "verdict": "abuse"}),
    ("case/finding", {"id": "mine", "verdict": "guilty", "resolution": "jailed"}),
    ("case/finding", {"id": "mine", "verdict": "legitimate", "resolution": "partly_refunded"}),
    ("case/finding", {"id": "mine", "verdict": "legitimate", "resolution": "refused"}),
    ("case/finding", {"id": "mine", "verdict": "legitimate", "resolution": "partly_refunded",
                      "amount": "99999999"}),
    ("case/finding", {"id": "mine", "verdict": "fraud", "resolution": "refused", "note": "x",
                      "amount": "3"}),
    ("case/finding", {"id": "mine", "verdict": "abuse", "resolution": "partly_refunded",
                      "note": "x", "amount": "much"}),
    ("case/finding", {"id": "others", "verdict": "legitimate", "resolution": "refunded"}),
    ("case/ask", {"id": "mine"}), ("case/ask", {"id": "mine", "kind": "oath", "from": "moon"}),
    ("case/ask", {"id": "mine", "kind": "photo", "from": "customer", "text": LONG}),
    ("case/offer", {"id": "mine", "kind": "apology", "text": "x"}),
    ("case/offer", {"id": "mine", "kind": "partial_refund", "text": "x", "amount": "0"}),
    ("case/offer", {"id": "mine", "kind": "partial_refund", "text": "x", "amount": "9999999"}),
    ("case/call", {"id": "mine", "text": ""}), ("case/note", {"id": "mine", "text": ""}),
    ("case/note", {"id": "mine", "text": LONG}), ("case/escalate", {"id": "mine"}),
    ("case/assign", {"id": "mine", "to": "nobody"}),
    ("case/assign", {"id": "mine", "to": "team:none"}), ("case/claim", {"id": "others"}),
    ("case/claim", {"id": "closed"}), ("case/release", {"id": "free"}),
    ("case/ask", {"id": "closed", "kind": "photo", "from": "customer", "text": "x"}),
    ("case/appeal", {"id": "closed"}), ("case/appeal", {"id": "free", "cause": "x"}),
    ("case/correct", {"id": "free", "verdict": "abuse", "resolution": "refused", "note": "x"}),
    ("case/correct", {"id": "closed", "verdict": "abuse", "resolution": "refused"}),
    ("case/listing", {"id": "mine", "list": "block", "days": "0", "asks": "evidence"}),
    ("case/listing", {"id": "mine", "list": "grey", "days": "x", "asks": "gold", "cause": "x"}),
    ("case/withdraw", {"id": "mine", "cause": "x"}), ("case/contest", {"id": "mine", "cause": "x"}),
    ("case/undo", {"id": "free"}),
    ("people/add", {"name": "", "password": "short", "role": "king", "zone": "Moon/Sea"}),
    ("people/add", {"name": "leo", "password": PASSWORD}),
    ("people/add", {"name": "x y z!", "password": "a" * 300}),
    ("people/add", {"name": "quite-long-name", "password": "quite-long-name-1"}),
    ("people/add", {"name": "somebody", "password": "passwordpassword"}),
    ("people/password", {"name": "leo", "password": "short"}),
    ("people/role", {"name": "leo", "role": "king"}),
    ("people/team", {"name": "leo", "team": LONG}),
    ("people/role", {"name": "zhao", "role": "reviewer"}), ("people/role", {"name": "nobody"}),
    ("account/password", {"old": "wrong", "password": "a new long enough one",
                          "again": "a new long enough one"}),
    ("account/password", {"old": PASSWORD, "password": "a", "again": "b"}),
    ("account/password", {"old": PASSWORD, "password": "short", "again": "short"}),
    ("account/factor/confirm", {"code": "000000"}), ("filters", {"filters": "due=soon"}),
    ("filters", {"filters": "due=soon", "title": LONG}), ("case/note", {"id": "nobody's"}),
)  # fmt: skip


@pytest.mark.parametrize(("page", "fields"), FORMS, ids=lambda one: str(one)[:70])
def test_a_form_that_fails_says_why_in_chinese(
    zhao: Visitor, ids: dict[str, str], page: str, fields: dict[str, str]
) -> None:
    answer = zhao.send(page, **{name: ids.get(text, text) for name, text in fields.items()})
    assert 400 <= answer.status_code < 500, answer.status_code
    said = told(answer.text)
    assert re.search(r"[\u4e00-\u9fff]", said)
    assert english(said) == []


def test_many_at_once_are_refused_in_chinese(zhao: Visitor, ids: dict[str, str]) -> None:
    for act in ("claim", "ask", "close"):
        picked: dict[str, Any] = {f"case:{ids['others']}": "on", f"case:{ids['closed']}": "on"}
        assert english(told(zhao.send("many", act=act, **picked).text)) == []


def told(html: str) -> str:
    """What a page says is wrong, without ids."""
    alerts = re.findall(r'<(\w+) class="[^"]*" role="alert"[^>]*>(.*?)</\1>', html, re.S)
    text = " ".join(re.sub(r'<a class="id".*?</a>', "", one) for _, one in alerts)
    assert text, "nothing is said"
    return unescape(re.sub(r"<[^>]+>", " ", text))


def english(text: str) -> list[str]:
    return [word for word in re.findall(r"[A-Za-z]{3,}", text) if word not in KEPT]
