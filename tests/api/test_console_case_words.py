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
from risk.history.connection.connect import now_ms
from tests.api.console_visits import Visitor, logged_in
from tests.api.serving import Running, small_bundle
from tests.examination.stories import SAME_ORDER, Earlier, Event, Facts, Story, Telling

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


def test_what_the_platform_forwarded_and_whom_somebody_asked_is_said(
    client: httpx.Client, readers: Readers
) -> None:
    due = iso(now_ms() + DAY_MS // 4)
    story = Story(refund={"type": "return_and_refund", "forwarded_by": "platform",
                          "respond_by": due},
                  back=(Event("shipped", 1), Event("delivered", 0.5)),
                  inspection="different_item")  # fmt: skip
    refund_id = told(client, "forwarded", story)["refund_id"]
    english, chinese = readers.pages(refund_id)
    assert "Passed on by the platform, which wants an answer by" in english.split("Next step")[0]
    assert "平台转来，要求在" in chinese.split("下一步")[0]
    assert readers.en.send("case/claim", id=refund_id).status_code == 303
    asks = {"id": refund_id, "kind": "chat", "from": "customer", "text": "What came back?"}
    assert readers.en.send("case/ask", **asks).status_code == 303
    english, chinese = readers.pages(refund_id)
    assert "Next step: Wait for the customer's answer: asked on" in english
    assert "Since the decision: the customer was asked," in english
    assert "等待客户答复" in chinese


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
    assert english.count("CN¥259.00 for the same goods") == 2, "in the lead, and by the rule"
    assert "另有未结申请就相同商品申请 ¥259.00，加上本次的" in chinese
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
    only = "共 3 行商品，合计 ¥1,539.00；本次申请只涉及其中一行：服饰 [^ ]+ ¥259.00。"
    assert re.search(only, chinese)
    for someone, said in ((readers.en, "and others, 3 lines"), (readers.zh, "等 3 行商品")):
        assert said in someone.read("customer", id="lines-customer_id").text
    whole = telling.tell(SUSPECTED.but(lines=lines))
    english, chinese = readers.pages(whole["refund_id"])
    bought = r"phones( \S+)? CN¥1,200.00, apparel \S+ CN¥259.00, shoes( \S+)? CN¥80.00"
    assert re.search(bought, english)
    bought = r"手机( \S+)? ¥1,200.00、服饰 \S+ ¥259.00、鞋靴( \S+)? ¥80.00。申请未指明是哪一行。"
    assert re.search(bought, chinese)


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
    assert claim in first.split(then, 1)[0], "the claim as it stands, before all"
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
    assert "In the customer's favour: 6 other orders in a year, none asked back" in english
    assert "有利的是：一年内另有6笔订单，均未申请退款" in chinese
    assert "On record for the customer 6 other orders in a year, none asked back" in english
    assert "对客户有利的记录 一年内另有6笔订单，均未申请退款" in chinese
    honest = told(client, "honest", SUSPECTED.but(order=OWN_SHOP, earlier=GOOD))
    english, chinese = readers.pages(honest["refund_id"])
    assert "In the customer's favour: 2 earlier requests found legitimate" in english
    assert "有利的是：此前2次申请经核实属实" in chinese
    new = told(client, "newcomer", SUSPECTED)
    english, chinese = readers.pages(new["refund_id"])
    assert "In the customer's favour" not in english
    assert "No other" not in english.split("Customer's statement")[0]
    assert "有利的是" not in chinese
    abuse = tuple(one._replace(outcome={"verdict": "fraud"}) for one in GOOD[:1])
    found = told(client, "found", SUSPECTED.but(order=OWN_SHOP, earlier=(*GOOD, *abuse)))
    english, _ = readers.pages(found["refund_id"])
    assert "2 earlier requests found legitimate" in english, "beside what was found against them"
    assert "none asked back" not in english


WORN = Story(
    refund={"reason_code": "unwanted", "type": "return_and_refund", "reason_text": "不合身，退了"},
    back=(Event("shipped", 1), Event("delivered", 0.5)), inspection="used",
    order={"amount": "899.00"},
)  # fmt: skip


def test_step_and_button_of_worn_goods_offer_the_same(
    client: httpx.Client, readers: Readers
) -> None:
    """A part of the price as the article came back: no new one, and nothing that stays."""
    decided = told(client, "worn", WORN)
    assert decided["recommended"]["step"] == "offer"
    english, chinese = readers.pages(decided["refund_id"])
    for page, offer in (
        (english, "CN¥719.20 of the price as it came back"),
        (chinese, "按退回时的状况退还 ¥719.20"),
    ):
        assert page.count(offer) >= 2, "the step and the button's words"
    assert "a new one in exchange" not in english
    assert "换新" not in chinese
    assert "you keep the article" not in english
    assert "商品由您保留" not in chinese
    page = readers.en.read("case", id=decided["refund_id"]).text
    assert 'name="amount" inputmode="decimal" autocomplete="off" value="719.20"' in page


@pytest.mark.parametrize(
    ("said", "language", "english", "chinese"),
    [
        ("整个盒子是空的，请退款", "zh", "In Chinese, chosen by what the customer wrote",
         "以中文发送：与客户说明所用语言一致"),
        ("La boîte était vide", "en", "In English, chosen by what the customer wrote",
         "以英文发送：与客户说明所用语言一致"),
        (None, "zh", "In Chinese: the customer wrote nothing", "以中文发送：客户未填写说明"),
    ],
)  # fmt: skip
def test_ready_words_are_in_the_language_of_the_customer(
    client: httpx.Client, readers: Readers, said: str | None, language: str, english: str,
    chinese: str,
) -> None:  # fmt: skip
    decided = told(client, f"language-{language}-{bool(said)}", WORN.but(refund={
        "reason_text": said}))  # fmt: skip
    words = {"en": "we can offer you CN¥719.20", "zh": "可为您提供以下方案：按退回时的状况"}
    for reader, note, mine in (("en", english, "en"), ("zh", chinese, "zh")):
        page = getattr(readers, reader).read("case", id=decided["refund_id"]).text
        assert note in unescape(page)
        texts = re.findall(r'<textarea name="text"[^>]*lang="([^"]+)"[^>]*>([^<]+)', page)
        first = next(one for one in texts if "719.20" in one[1])
        assert first[0] == {"en": "en", "zh": "zh-CN"}[language]
        assert words[language] in unescape(first[1])
        reading = '<details class="reading">' in page
        assert reading is (mine != language), "what the reader may not read is there to read"
        messages = re.findall(r'id="message-(en|zh)"', page)
        assert messages[0] == language


def test_an_honest_request_is_not_settled_without_saying_how(
    served: Running, client: httpx.Client, readers: Readers
) -> None:
    decided = told(client, "empty", SUSPECTED)
    name = decided["refund_id"]
    asked = readers.en.send("case/finding", id=name, verdict="legitimate")
    assert asked.status_code == 422
    assert "what is done for the customer" in unescape(asked.text)
    assert readers.zh.send("case/finding", id=name, verdict="legitimate").status_code == 422
    sent = readers.en.send("case/finding", id=name, verdict="legitimate", resolution="refunded")
    assert sent.status_code == 303
    another = told(
        client, "resend", SUSPECTED.but(refund={"type": "resend", "reason_code": "missing_item"})
    )
    assert another["tier"] != "approve"
    assert readers.en.send("case/claim", id=another["refund_id"]).status_code == 303
    assert "that it is done as asked" in readers.pages(another["refund_id"])[0]
    sent = readers.en.send("case/finding", id=another["refund_id"], verdict="legitimate")
    assert sent.status_code == 303, "no resolution stands for another one sent"


def test_only_a_finding_of_abuse_is_marked_red(
    served: Running, client: httpx.Client, readers: Readers
) -> None:
    for verdict, red in (("undetermined", False), ("abuse", True)):
        name = told(client, f"marked-{verdict}", SUSPECTED)["refund_id"]
        readers.en.send("case/finding", id=name, verdict=verdict, resolution="refused", note="so")
        page = readers.en.read("case", id=name).text
        assert ('<span class="mark">Closed' in page) is red
        assert ('<span class="mark plain">Closed' in page) is not red


def test_staff_are_not_addressed_as_the_customer(client: httpx.Client, readers: Readers) -> None:
    broken = Story(refund={"type": "repair", "reason_code": "other"},
                   order={"category": "snacks", "amount": "900.00"})  # fmt: skip
    decided = told(client, "staff", broken)
    step = decided["recommended"]
    assert step["action"] == "ask_customer"
    assert step["text"]["en"].startswith("Ask the customer: “Please send us: ")
    assert step["text"]["zh"].startswith("询问客户：“请提供：")
