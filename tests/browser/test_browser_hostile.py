"""Hostile words in every field of every fact and form: nothing runs and no page breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from risk.access.people import add_person
from risk.facts import KINDS
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.schema import FACTS
from risk.history.schema.schema_cases import cases, saved_filters
from tests.api.console_visits import PASSWORD, new_case
from tests.api.serving import Running
from tests.browser.acting import buy_again
from tests.browser.browsing import NARROW, Reader

pytestmark = pytest.mark.browser
Open = Callable[..., Reader]
HOSTILE = (
    "\"'><script>alert(1)</script><svg onload=alert(2)>{{7*7}}</textarea></title>"
    "<img src=//evil.example/x onerror=alert(3)>" + "w" * 300 + "\u202e\u0300"
)


@pytest.fixture(scope="module")
def hostile(served: Running) -> Iterator[str]:
    """A case of which every free text is hostile, with another that shares its photo."""
    with served.client() as client:
        refund_id = new_case(
            client, refund_id=f"R{HOSTILE}"[:190], reason_text=HOSTILE, amount="70000.00"
        )
        with served.service.history.read() as connection:
            refunds = FACTS["refunds"].c
            query = sa.select(refunds.order_id).where(refunds.refund_id == refund_id)
            order = connection.execute(query).scalar_one()
        _surround(client, refund_id, order)
    yield refund_id
    with served.service.history.write() as write:
        gone = sa.update(cases).where(cases.c.refund_id == refund_id)
        write.connection.execute(gone.values(state="closed"))


def _surround(client: httpx.Client, refund_id: str, order: str) -> None:
    """Lines, parcels, evidence and outcomes around it, hostile wherever text is free."""
    now = iso(now_ms() - 1_000)
    own = {"order_id": order, "refund_id": refund_id}
    needed: dict[str, dict[str, Any]] = {
        "orders": {"placed_at": now, "amount": "1.00", "line_id": "9"},
        "shipments": {"status": "shipped", "occurred_at": now},
        "evidence": {"submitted_at": now, "kind": "photo", "evidence_id": f"E{HOSTILE}"[:200]},
    }
    for kind, facts in needed.items():
        names = {field.name for field in KINDS[kind].fields}
        free = {f.name: HOSTILE[:200] for f in KINDS[kind].fields
                if f.type in ("text", "id") and f.limit >= 200}  # fmt: skip
        body = {**free, **{k: v for k, v in own.items() if k in names}, **facts}
        answer = client.post(f"/v1/{kind}", json=body)
        assert answer.status_code in (200, 201), answer.text


def test_every_page_stays_whole(served: Running, reader: Open, hostile: str) -> None:
    someone = reader("mei", size=NARROW)
    for address in ("", "/decisions", "/overview", "/log", "/people"):
        someone.go(address)
        assert someone.overflows() <= 0, address
        assert "evil.example" not in str(someone.page.locator("img, script[src*=evil]").all())
    someone.go()
    someone.page.locator("tr", has_text=hostile).locator("a.open").first.focus()
    someone.follow("Enter")
    assert someone.case_id() == hostile
    assert someone.overflows() <= 0
    assert someone.faults() == []
    buy_again(served, hostile)
    someone.page.reload()
    someone.page.locator(".sides a.fact").first.focus()
    someone.follow("Enter")
    assert someone.overflows() <= 0
    someone.follow("u")
    someone.follow("p")
    assert someone.overflows() <= 0
    assert "<script>alert(1)" in someone.text()


def test_every_form_takes_it_as_words(served: Running, reader: Open, hostile: str) -> None:
    someone = reader("mei", size=NARROW)
    someone.go(f"?q={'a' * 10}")
    someone.page.locator("input[name=q]").fill(HOSTILE)
    someone.page.locator("input[name=q]").focus()
    someone.follow("Enter")
    assert someone.overflows() <= 0
    someone.go("?reason=counterfeit")
    someone.page.locator(".filters > summary").click()
    keep = someone.page.locator("form.keep input[name=title]")
    keep.fill(HOSTILE[:60])
    keep.focus()
    someone.follow("Enter")
    assert HOSTILE[:30] in someone.page.locator(".tabs").inner_text()
    with served.service.history.write() as write:
        write.connection.execute(sa.delete(saved_filters))
    someone.go("?order=money")
    someone.page.locator("a.open").first.focus()
    someone.follow("Enter")
    someone.follow("c")
    for form, field in (("note", "text"), ("ask", "text"), ("listing", "cause"),
                        ("escalate", "cause")):  # fmt: skip
        _write(someone, form, field)
        assert someone.overflows() <= 0, form
        assert HOSTILE[:40] in someone.text(), form
    someone.follow("c")
    someone.page.locator("#finding textarea").fill(HOSTILE)
    someone.page.locator("#finding label").first.click()
    someone.page.locator("#finding select").select_option("refunded")
    someone.page.locator("#finding textarea").focus()
    someone.follow("Control+Enter")
    someone.go("?state=closed")
    someone.follow(someone.page.locator("a.open").first)
    assert HOSTILE[:40] in someone.text()
    assert someone.overflows() <= 0
    someone.go("/people")
    someone.page.locator("input[name=shown]").fill(HOSTILE[:60])
    assert someone.faults() == []


def _write(someone: Reader, form: str, field: str) -> None:
    shown = someone.page.locator(f"details form[action*='case/{form}']").first
    written = shown.locator(f"[name={field}]")
    written.evaluate("node => { node.closest('details').open = true }")
    for choice in shown.locator("select[required]").all():
        choice.select_option(index=1)
    written.fill(HOSTILE)
    written.focus()
    someone.follow("Control+Enter")


def test_a_hostile_name_is_only_a_name(served: Running, reader: Open) -> None:
    add_person(served.service.history, "hostile", PASSWORD, display_name=HOSTILE[:100])
    someone = reader("hostile", size=NARROW)
    for address in ("", "/overview", "/keys"):
        someone.go(address)
        assert someone.overflows() <= 0, address
