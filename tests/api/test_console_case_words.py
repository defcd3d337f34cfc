"""What a case page says, read in both languages: each line as of the decision or as of now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, NamedTuple

import httpx
import pytest

from risk.facts.format import iso
from risk.facts.units import DAY_MS
from risk.history.connect import now_ms
from tests.api.console_visits import Visitor, logged_in
from tests.api.serving import Running, small_bundle
from tests.examination.stories import SAME_ORDER, Earlier, Facts, Story, Telling

SUSPECTED = Story(refund={"reason_code": "counterfeit"}, order={"no_reason_return": False})
OWN_SHOP: Facts = {"customer_id": "@customer", "merchant_id": "@shop"}


class Readers(NamedTuple):
    """Somebody who reads English, and somebody who reads Chinese."""

    en: Visitor
    zh: Visitor

    def pages(self, refund_id: str) -> tuple[str, str]:
        """The page of a case as both read it, without its tags."""
        return (_text(self.en, refund_id), _text(self.zh, refund_id))


def _text(someone: Visitor, refund_id: str) -> str:
    page = someone.read("case", id=refund_id).text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture(scope="module")
def client(served: Running) -> Iterator[httpx.Client]:
    """Speaks for the platform, which may find."""
    with served.client(says="platform") as client:
        yield client


@pytest.fixture(scope="module")
def readers(served: Running) -> Iterator[Readers]:
    served.promote("suspicious", small_bundle(0, 5.0))
    en, zh = logged_in(served, "mei"), logged_in(served, "lin", "zh-CN")
    yield Readers(en, zh)
    en.http.close()
    zh.http.close()


def told(client: httpx.Client, name: str, story: Story) -> dict[str, Any]:
    """The last decision on a story."""
    return Telling(client, name).tell(story)


def test_two_requests_for_one_article_name_each_other(
    client: httpx.Client, readers: Readers
) -> None:
    """Of the first its decision could not know; of the second it does."""
    one = SUSPECTED.but(order=SAME_ORDER)
    telling = Telling(client, "twice")
    first, second = telling.tell(one), telling.tell(one)
    for this, other in ((first, second), (second, first)):
        for page, said in zip(
            readers.pages(this["refund_id"]),
            ("Also open for the same goods:", "相同商品另有未结申请："), strict=True,
        ):  # fmt: skip
            assert f"{said} {other['refund_id']}" in page
        linked = f'href="/console/case?id={other["refund_id"]}"'
        assert linked in readers.en.read("case", id=this["refund_id"]).text
    english, chinese = readers.pages(first["refund_id"])
    assert "Since the decision: 1 other request of this customer." in english
    assert "判定之后：该客户其他申请 1 次。" in chinese
    english, chinese = readers.pages(second["refund_id"])
    assert "Other open requests ask CN¥259.00 for the same goods." in english
    assert "另有未结申请就相同商品申请 ¥259.00。" in chinese
    assert "Nothing new since the decision." in english
    assert "判定之后无新情况。" in chinese
    queue = readers.en.read("").text
    assert f"Also open for the same goods: {first['refund_id']}" in queue
    assert f"Also open for the same goods: {second['refund_id']}" in queue


def test_a_request_for_another_line_is_no_request_for_the_same_goods(
    client: httpx.Client, readers: Readers
) -> None:
    lines = ({"amount": "80.00", "category": "shoes"}, {"amount": "1200.00", "category": "phones"})
    story = SUSPECTED.but(order=SAME_ORDER, lines=lines)
    telling = Telling(client, "lines")
    telling.tell(story.but(refund={"line_id": "2", "amount": "80.00"}))
    other = telling.tell(story.but(refund={"line_id": "1"}))
    english, chinese = readers.pages(other["refund_id"])
    assert "Also open for the same goods" not in english
    assert "Other open requests" not in english
    assert "has 3 lines for CN¥1,539.00 together; this is about one of them: apparel" in english
    assert "共 3 行商品，合计 ¥1,539.00；本次申请只涉及其中一行：服饰 ¥259.00。" in chinese
    whole = telling.tell(SUSPECTED.but(lines=lines))
    english, chinese = readers.pages(whole["refund_id"])
    assert "phones CN¥1,200.00, apparel CN¥259.00, shoes CN¥80.00" in english
    assert "手机 ¥1,200.00、服饰 ¥259.00、鞋靴 ¥80.00。申请未指明是哪一行。" in chinese


@pytest.mark.parametrize("reader", ["en", "zh"])
def test_lines_of_the_decision_stand_apart_from_those_of_now(
    client: httpx.Client, readers: Readers, reader: str
) -> None:
    decided = told(client, f"moments-{reader}", SUSPECTED)
    page = _text(readers.en if reader == "en" else readers.zh, decided["refund_id"])
    then, now = {"en": ("as of the decision, ", "On record now, "),
                 "zh": ("判定时（", "目前记录（")}[reader]  # fmt: skip
    rule, claim, record = {
        "en": ("Next step:", "Asked on ", "Parcel: delivered"),
        "zh": ("下一步：", "申请仅退款", "包裹：已签收"),
    }[reader]
    first, rest = page.split(now, 1)
    assert then in first
    assert rule in first.split(then, 1)[1], "the next step is of the decision"
    assert claim in rest
    assert record in rest
    assert rest.count(then) >= 3, "message, reasons and rules say it too"


GOOD = tuple(
    Earlier(SUSPECTED.but(order=OWN_SHOP, refund={"type": "exchange"}),
            {"verdict": "legitimate"}) for _ in range(2)
)  # fmt: skip


def test_a_good_record_is_said_for_who_has_it_and_for_nobody_else(
    client: httpx.Client, readers: Readers
) -> None:
    orders = [
        {"order_id": f"O-good-{n}", "line_id": "1", "customer_id": "record-customer",
         "amount": "100.00", "category": "apparel", "merchant_id": "record-shop",
         "placed_at": iso(now_ms() - (40 + n) * DAY_MS)} for n in range(6)
    ]  # fmt: skip
    client.post("/v1/orders", json=orders).raise_for_status()
    kept = told(client, "record", SUSPECTED.but(order=OWN_SHOP))
    english, chinese = readers.pages(kept["refund_id"])
    assert "In its favour: 6 other orders in a year, none asked back" in english
    assert "有利的是：一年内另有6笔订单，均未申请退款" in chinese
    assert "Customer's own record 6 other orders in a year, none asked back" in english
    assert "客户自身记录 一年内另有6笔订单，均未申请退款" in chinese
    honest = told(client, "honest", SUSPECTED.but(order=OWN_SHOP, earlier=GOOD))
    english, chinese = readers.pages(honest["refund_id"])
    assert "In its favour: 2 earlier requests found legitimate" in english
    assert "有利的是：此前2次申请经核实属实" in chinese
    new = told(client, "newcomer", SUSPECTED)
    english, chinese = readers.pages(new["refund_id"])
    assert "In its favour" not in english
    assert "No other" not in english.split("Customer's statement")[0]
    assert "有利的是" not in chinese
    abuse = tuple(one._replace(outcome={"verdict": "fraud"}) for one in GOOD[:1])
    found = told(client, "found", SUSPECTED.but(order=OWN_SHOP, earlier=(*GOOD, *abuse)))
    assert "earlier requests found legitimate" not in readers.pages(found["refund_id"])[0]
