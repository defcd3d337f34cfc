"""What was found, the lists, the policies, shared things, accounts; and each table as a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest
import sqlalchemy as sa

from risk import policy
from risk.access import people
from risk.cases import Actor, ReviewFinding, add_list_entry, add_note, record_finding, view_case
from risk.cases.figures.part_rows import counts_by_part
from risk.cases.figures.period import Period
from risk.cases.figures.review_rows import reviews
from risk.cases.policies.blind import SHARE, is_drawn
from risk.history.schema import sightings
from risk.history.schema.schema_cases import sessions
from risk.history.schema.schema_models import policies
from risk.policy.situation import TIERS
from tests.api.console_visits import Visitor, logged_in, new_case
from tests.api.serving import Running, small_bundle

MEI = Actor("mei")
ALWAYS = Period(0, 10**15)
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def mei(served: Running) -> Iterator[Visitor]:
    served.promote("suspicious", small_bundle(0, 5.0))
    someone = logged_in(served, "mei", role="administrator")
    yield someone
    someone.http.close()


@pytest.fixture
def case(served: Running, client: httpx.Client, mei: Visitor) -> str:
    return new_case(client)


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_findings_are_listed_and_exported(served: Running, mei: Visitor, case: str) -> None:
    found = ReviewFinding("abuse", "refused", note="a brick came back")
    record_finding(served.service.history, case, MEI, found)
    assert case in mei.read("findings").text
    assert case in mei.read("findings", verdict="abuse").text
    assert case not in mei.read("findings", verdict="fraud").text
    rows = {row["refund_id"]: row for row in rows_of(mei.read("findings", format="csv"))}
    assert (rows[case]["verdict"], rows[case]["found_by"]) == ("abuse", "reviewer")


def test_the_lists_show_who_is_on_them_and_why(served: Running, mei: Visitor, case: str) -> None:
    history = served.service.history
    add_list_entry(history, case, MEI, kind="allow", cause=FORMULA, asks="evidence", days=30)
    page = mei.read("lists").text
    assert FORMULA in page
    assert f"id={case}" in page
    [row] = [row for row in rows_of(mei.read("lists", format="csv")) if row["refund_id"] == case]
    assert row["cause"] == f"'{FORMULA}", "no spreadsheet runs what somebody wrote"


def test_a_shared_thing_says_who_came_and_when(
    served: Running, client: httpx.Client, mei: Visitor, case: str
) -> None:
    history = served.service.history
    with history.read() as connection:
        kind, entity = connection.execute(
            sa.select(sightings.c.kind, sightings.c.entity).limit(1)
        ).one()
        at = sa.and_(sightings.c.kind == kind, sightings.c.entity == entity)
        names = connection.execute(sa.select(sightings.c.customer_id).where(at)).scalars().all()
    page = mei.read("thing", kind=kind, id=entity).text
    assert all(f"id={name}" in page for name in names[:50])
    assert mei.read("thing", kind=kind, id=entity + 1).status_code == 404
    assert mei.read("thing", kind=kind, id="x").status_code == 404


def test_the_policy_is_shown_with_what_it_changed(served: Running, mei: Visitor, case: str) -> None:
    first = served.service.decider.policy
    other = policy.vary(first, {"costs.asked": 9.75})
    with served.service.history.write() as write:
        write.connection.execute(
            sa.insert(policies).values(version="abc", kept_at=1, content=other.canonical)
        )
    page = mei.read("policy").text
    assert first.version in page
    assert "costs.asked" in page
    assert "9.75" in page
    assert "9.75" in mei.read("policy", version="abc").text
    assert mei.read("policy", version="nothing").status_code == 404


def test_the_queue_is_exported_without_what_would_tell_an_audit(mei: Visitor, case: str) -> None:
    rows = rows_of(mei.http.get("/console", params={"format": "csv", "order": "newest"}))
    assert case in {row["refund_id"] for row in rows}
    assert not {"tier", "probability", "audit"} & set(rows[0])
    amounts = {row["refund_id"]: row["amount"] for row in rows}
    by_decision = rows_of(mei.read("decisions", format="csv"))
    told = {row["refund_id"]: row["amount"] for row in by_decision if row["refund_id"] in amounts}
    assert told == {name: amounts[name] for name in told}, "one form of amounts in every file"
    assert re.fullmatch(r"\d+\.\d\d", amounts[case])
    assert case in {row["refund_id"] for row in rows_of(mei.read("decisions", format="csv"))}
    mei.read("case", id=case)
    assert case in {row["refund_id"] for row in rows_of(mei.read("log", format="csv"))}


def test_what_pages_ask_by_themselves_keeps_no_session_alive(
    served: Running, mei: Visitor, case: str
) -> None:
    history = served.service.history
    leo = logged_in(served, "leo")
    late = (
        sa.update(sessions)
        .where(sessions.c.name == "leo")
        .values(seen_at=sessions.c.seen_at - 600_000)
    )
    with history.write() as write:
        write.connection.execute(late)

    def seen() -> int:
        query = sa.select(sessions.c.seen_at).where(sessions.c.name == "leo")
        with history.read() as connection:
            return int(connection.execute(query).scalar_one())

    before = seen()
    assert "new or changed" in leo.read("news", since="1").json()["text"]
    assert leo.read("news", since="99999999999999").json() == {"text": ""}
    assert seen() == before
    leo.read("")
    assert seen() > before


def test_an_administrator_changes_roles_but_not_their_own(served: Running, mei: Visitor) -> None:
    people.add_person(served.service.history, "zhao", "correct horse battery")
    assert mei.send("people/role", name="zhao", role="administrator").status_code == 303
    with served.service.history.read() as connection:
        found = people.person_of(connection, "zhao")
    assert found is not None
    assert found.role == "administrator"
    assert mei.send("people/role", name="mei", role="reviewer").status_code == 403
    assert mei.send("people/role", name="zhao", role="king").status_code == 422
    leo = logged_in(served, "leo")
    assert leo.send("people/role", name="zhao", role="reviewer").status_code == 403


def test_a_mention_shows_on_the_queue_until_it_is_read(
    served: Running, mei: Visitor, case: str
) -> None:
    add_note(served.service.history, case, Actor("leo"), "is this yours, @mei?")
    assert "is this yours" in mei.read("").text
    mei.read("case", id=case)
    assert "is this yours" not in mei.read("").text


def blind_case(served: Running, client: httpx.Client) -> str:
    """A case that is given without its score."""
    key, names = served.service.history.audit_key, (f"R-blind-{n}" for n in range(1_000))
    return new_case(client, refund_id=next(name for name in names if is_drawn(name, key, SHARE)))


def test_a_blind_case_shows_neither_score_nor_links_until_it_is_closed(
    served: Running, client: httpx.Client, mei: Visitor
) -> None:
    name = blind_case(served, client)
    page = mei.read("case", id=name).text
    assert "Shown once the case is closed" in page
    assert "case/score" not in page
    assert 'id="linked"' not in page
    assert mei.send("case/score", id=name).status_code == 403
    mei.send("case/claim", id=name)
    led = mei.send("case/finding", id=name, verdict="legitimate", resolution="refunded")
    assert led.status_code == 303
    assert view_case(served.service.history, name).events[-1]["body"]["blind"] is True
    page = mei.read("case", id=name).text
    assert 'class="waterfall' in page
    assert 'id="linked"' in page


def test_the_overview_counts_what_was_found_and_by_whom(
    served: Running, client: httpx.Client, mei: Visitor
) -> None:
    name = new_case(client)
    history = served.service.history
    mei.send("case/claim", id=name)
    found = {"verdict": "abuse", "resolution": "refused", "note": "a brick came back"}
    mei.send("case/finding", id=name, **found)
    leo = logged_in(served, "leo")
    leo.send("case/appeal", id=name, cause="a video came in")
    leo.send("case/claim", id=name)
    leo.send("case/finding", id=name, verdict="courier_fault", resolution="refunded")
    with history.read() as connection:
        made = reviews(connection, ALWAYS)
        reasons = {one.name: one for one in counts_by_part(connection, ALWAYS)["reason_code"]}
    by_name = {one.who: one for one in made.reviewers}
    assert by_name["mei"].overturned == 1
    assert by_name["leo"].overturned == 0
    assert by_name["leo"].median_minutes is not None
    assert sum(one.found for one in made.agreement) >= 2
    row = reasons["counterfeit"]
    assert row.honest >= 1
    assert row.requests == sum(row.tiers.values())
    rows = rows_of(mei.read("overview", days="7", format="csv"))
    [told] = [
        one["value"] for one in rows
        if (one["what"], one["of"], one["measure"]) == ("reviewer", "mei", "overturned")
    ]  # fmt: skip
    assert told == "1"
    days = {one["of"] for one in rows if one["what"] == "day"}
    assert max(days) == datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
    assert "Overturned on appeal" in mei.read("overview", days="365").text


def test_a_case_opens_with_what_is_claimed_and_what_the_record_says(
    served: Running, client: httpx.Client, mei: Visitor
) -> None:
    name = new_case(client, amount="61.00")
    words = re.sub(r"<[^>]+>", " ", mei.read("case", id=name).text)
    claim = (
        r"Asked on \d+ \w{3}( \d{4})?: \w[\w ]+, CN¥61\.00( \([^)]+\))?, counterfeit\. "
        r"Passed on [^.]+\. The order of"
    )
    assert re.search(claim, words)
    assert re.search(r"\d [a-z]+ from the (customer|shop|courier)(, [^.]+)*\.", words)
    assert "This customer: no other order on record." in words
    chen = logged_in(served, "chen", "zh-CN")
    words = re.sub(r"<[^>]+>", " ", chen.read("case", id=name).text)
    assert re.search(
        r"申请仅退款 ¥61\.00(（[^）]+）)?，理由为疑似假货。[^。]*平台[^。]*。订单下单于", words
    )
    assert not re.search(r"[一-鿿）][,:] ?[一-鿿]", words), "commas and colons as Chinese has them"
    customer = mei.read("customer", id=f"C-{name.removeprefix('r-')}")
    assert ">open<" in customer.text


def test_the_log_of_decisions_says_of_whom_how_much_and_until_when(
    served: Running, client: httpx.Client, mei: Visitor
) -> None:
    open_, closed = new_case(client, amount="71.00"), new_case(client, amount="72.00")
    record_finding(served.service.history, closed, MEI, ReviewFinding("legitimate", "refunded"))
    page = mei.read("decisions").text
    parts = page.split('<tr role="row">')
    rows = {name: next(part for part in parts if f">{name}<" in part) for name in (open_, closed)}
    assert "CN¥71.00" in rows[open_]
    assert re.search(r"customer\?id=C-c\d+", rows[open_])
    assert 'class="until"' in rows[open_]
    assert "A person decides" in rows[open_]
    assert 'class="tier ' not in rows[open_]
    assert 'class="odds"' not in rows[open_]
    assert re.search(r'class="tier \w+"', rows[closed])
    told = rows_of(mei.read("decisions", format="csv"))
    by_name = {row["refund_id"]: row for row in told}
    assert (by_name[open_]["tier"], by_name[open_]["probability"]) == ("", "")
    assert by_name[closed]["tier"] in TIERS
    wanted = mei.read("decisions", tier=by_name[closed]["tier"]).text
    assert closed in wanted
    assert open_ not in wanted


def test_a_blind_case_shows_no_links_in_the_log_of_decisions(
    served: Running, client: httpx.Client, mei: Visitor
) -> None:
    key = served.service.history.audit_key
    names = (f"R-unseen-{n}" for n in range(1_000))
    name = new_case(client, refund_id=next(n for n in names if is_drawn(n, key, SHARE)))
    row = next(p for p in mei.read("decisions").text.split('<tr role="row">') if f">{name}<" in p)
    assert 'class="tier ' not in row
    assert "linked" not in row.lower()
    assert "drawn at random, is reviewed without score" in mei.read("case", id=name).text
