"""The page of a case that was found out: sentence, next step and message say one thing."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from risk.cases import Actor, ReviewFinding, record_finding
from risk.cases.acts.actions import appeal
from tests.api.console_visits import Visitor, logged_in, new_case
from tests.api.serving import Running, small_bundle
from tests.deciders import body

MEI = Actor("mei")


@pytest.fixture(scope="module")
def leo(served: Running) -> Iterator[Visitor]:
    served.promote("suspicious", small_bundle(0, 5.0))
    someone = logged_in(served, "leo")
    yield someone
    someone.http.close()


def decided_again(served: Running, name: str) -> None:
    served.service.decider.score_again(name)


@pytest.mark.parametrize(
    ("finding", "said", "never"),
    [
        (
            ReviewFinding("fraud", "partly_refunded", "10.00", "half came back"),
            ("fraud, partly refunded CN¥10.00 (by a reviewer).",
             "Tell the customer what was found and how to appeal.",
             "Of the CN¥90.00 you asked for, CN¥10.00 is granted",
             "the other CN¥80.00 is not granted"),
            "on its way back",
        ),
        (
            ReviewFinding("legitimate", "refunded"),
            ("legitimate, refunded CN¥90.00", "Settle it as was found.",
             "it is as you told us: CN¥90.00 is on its way"),
            "nothing is",
        ),
        (
            ReviewFinding("courier_fault", "exchanged"),
            ("courier at fault, exchanged", "Settle it as was found.",
             "An exchange is arranged for you, in place of money"),
            "on its way back",
        ),
        (
            ReviewFinding("undetermined", "refused"),
            ("undetermined, refused", "Tell the customer that what is there does not settle it",
             "does not settle it either way. For that reason your request is not granted as "
             "things are, and nothing is paid for it",
             "at any time", "you hear from us within 24 hours", "暂未获同意", "24 小时内答复您"),
            "personally",
        ),
        (
            ReviewFinding("undetermined", "partly_refunded", "10.00"),
            ("undetermined, partly refunded CN¥10.00",
             "Of the CN¥90.00 you asked for, CN¥10.00 is on its way back to you",
             "the other CN¥80.00 is not granted as things are", "其余 ¥80.00 暂未获同意"),
            "personally",
        ),
        (
            ReviewFinding("abuse", "refused", note="a brick came back"),
            ("abuse, refused", "Tell the customer what was found and how to appeal.",
             "For that reason your request is not granted, and nothing is paid for it.",
             "you may appeal at any time", "within 24 hours", "未获同意，不支付款项",
             "可以随时申诉"),
            "accepted",
        ),
        (
            ReviewFinding("legitimate", "refused", note="made to measure"),
            ("legitimate, refused",
             "We do not doubt what you told us", "your request is not granted",
             "Tell the customer what was found and how to appeal.",
             "我们对您的说明没有异议", "这次申请未获同意", "within 24 hours"),
            "on its way",
        ),
    ],
)  # fmt: skip
def test_sentence_step_and_message_agree(
    served: Running, client: httpx.Client, leo: Visitor, finding: ReviewFinding,
    said: tuple[str, ...], never: str,
) -> None:  # fmt: skip
    name = new_case(client, amount="90.00")
    record_finding(served.service.history, name, MEI, finding)
    decided_again(served, name)
    page = leo.read("case", id=name).text
    for words in said:
        assert words in page
    assert never not in page.split('id="message-en"')[1].split("</textarea>")[0]
    assert 'class="tier ' not in page.split('class="columns"')[0], "what was decided before"
    if finding.note:
        assert f'<p dir="auto">{finding.note}</p>' in page


def test_under_appeal_the_finding_rests(
    served: Running, client: httpx.Client, leo: Visitor
) -> None:
    name = new_case(client, amount="91.00")
    abuse = ReviewFinding("abuse", "refused", note="a brick came back")
    record_finding(served.service.history, name, MEI, abuse)
    appeal(served.service.history, name, Actor("ann"), "the courier mixed up two parcels")
    decided_again(served, name)
    page = leo.read("case", id=name).text
    assert "is under appeal: abuse, refused" in page
    assert "the courier mixed up two parcels" in page
    assert leo.http.get("/console/case/pending", params={"id": name}).json() == {"pending": False}


def test_a_request_that_was_never_decided_has_a_page(
    served: Running, client: httpx.Client, leo: Visitor
) -> None:
    one = body()
    for call, facts in (("orders", one["order"]), ("refunds", [one["refund"]])):
        assert client.post(f"/v1/{call}", json=facts).status_code == 201
    for page in ("case", "dossier", "customer"):
        name = one["order"][0]["customer_id"] if page == "customer" else one["refund"]["refund_id"]
        shown = leo.read(page, id=name)
        assert shown.status_code == 200, page
        assert one["refund"]["refund_id"] in shown.text


def test_what_is_not_returned_without_a_reason_is_said_and_what_the_parcel_weighed(
    served: Running, client: httpx.Client, leo: Visitor
) -> None:
    one = body(reason_code="unwanted", type="return_and_refund")
    assert client.post("/v1/refunds/score", json=one).status_code == 200
    shown = leo.read("case", id=one["refund"]["refund_id"]).text
    assert "is not returned without a reason" in shown
    assert "0.64 kg" in shown
