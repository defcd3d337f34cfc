"""Every kind of fact with everything that can be wrong with it: refused by name, nothing stored."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from risk.facts import SUBMITTED as KINDS
from risk.facts.models import MAX_FACTS, example_of
from risk.history.schema import FACTS, commits
from tests.api.serving import Running, counted

KINDS_SENT = [pytest.param(kind, id=kind) for kind in KINDS]
_numbers = count(1)


def fact(kind: str) -> dict[str, Any]:
    """A fact of its own: every id in its key is new."""
    made = example_of(KINDS[kind])
    n = next(_numbers)
    made.update({name: f"{name}-{n}" for name in KINDS[kind].key if name.endswith("_id")})
    return made


def stored(run: Running) -> dict[str, int]:
    """How many facts of each kind there are; the service's own chores commit as they like."""
    with run.service.history.read() as connection:
        return {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in FACTS.items()
        }


@pytest.fixture(scope="module")
def modest(served: Running) -> Iterator[httpx.Client]:
    with served.client("ingest", "outcomes") as client:
        yield client


@pytest.fixture
def nothing_stored(served: Running) -> Iterator[None]:
    before = stored(served)
    yield
    assert stored(served) == before


def refused(answer: httpx.Response, field: str) -> dict[str, Any]:
    """The entry that names the field, of a proper problem."""
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    named: list[dict[str, Any]] = [
        error for error in answer.json()["errors"] if error["field"] == field
    ]
    assert named, answer.text
    return named[0]


def wrong(kind: str) -> Iterator[tuple[str, str, Any]]:
    """(case, field, value) for every field of a kind and every way it cannot be."""
    for field in KINDS[kind].fields:
        yield "an object", field.name, {"a": 1}
        yield "a list", field.name, [1]
        yield "10 MB of text", field.name, "x" * 10_000_000
        if field.required:
            yield "missing", field.name, None
            yield "empty", field.name, ""
        if field.type in ("id", "text", "choice", "time"):
            yield "a number", field.name, 7.5 if field.type == "id" else 7
            yield "true", field.name, True
        if field.type == "time":
            yield "naive", field.name, "2026-03-05T10:00:00"
            yield "no time", field.name, "yesterday"
            yield "long ago", field.name, "0001-01-01T00:00:00+00:00"
        if field.type in ("money", "count", "grams", "share"):
            yield "negative", field.name, -1
            yield "negative text", field.name, "-0.01"
            yield "words", field.name, "a lot"
            yield "true", field.name, True
            yield "without end", field.name, "Infinity"
        if field.type == "choice":
            yield "no choice", field.name, "something else"
        if field.type in ("id", "text"):
            yield "too long", field.name, "x" * (field.limit + 1)
            yield "NUL", field.name, "a\x00b"


CASES = [
    pytest.param(kind, field, value, id=f"{kind}-{field}-{case}")
    for kind in KINDS
    for case, field, value in wrong(kind)
    if case != "10 MB of text"
]
HUGE = [
    pytest.param(kind, field, value, id=f"{kind}-{field}")
    for kind in KINDS
    for case, field, value in wrong(kind)
    if case == "10 MB of text" and field in ("reason_text", "note", "reason", KINDS[kind].key[0])
]


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize(("kind", "field", "value"), CASES)
def test_what_does_not_fit_is_named(
    client: httpx.Client, kind: str, field: str, value: Any
) -> None:
    answer = client.post(KINDS[kind].path, json={**fact(kind), field: value})
    assert refused(answer, field)["pointer"] == f"#/{field}"


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize(("kind", "field", "value"), HUGE)
def test_ten_megabytes_are_named_and_not_echoed(
    client: httpx.Client, kind: str, field: str, value: str
) -> None:
    answer = client.post(KINDS[kind].path, json={**fact(kind), field: value})
    assert "10000000 characters" in refused(answer, field)["got"]
    assert len(answer.content) < 2_000


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize("kind", KINDS_SENT)
def test_known_before_it_happened(client: httpx.Client, kind: str) -> None:
    answer = client.post(KINDS[kind].path, json={**fact(kind), "known_at": "2020-01-01T00:00:00Z"})
    refused(answer, "known_at")


@pytest.mark.usefixtures("modest", "nothing_stored")
@pytest.mark.parametrize("kind", KINDS_SENT)
def test_a_moment_of_knowing_needs_its_scope(modest: httpx.Client, kind: str) -> None:
    answer = modest.post(KINDS[kind].path, json={**fact(kind), "known_at": "2026-04-01T00:00:00Z"})
    assert "backdate" in refused(answer, "known_at")["expected"]


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize("kind", KINDS_SENT)
def test_an_unknown_field_is_named(client: httpx.Client, kind: str) -> None:
    refused(client.post(KINDS[kind].path, json={**fact(kind), "colour": "red"}), "colour")


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize("kind", KINDS_SENT)
def test_one_bad_row_stores_none_of_the_list(client: httpx.Client, kind: str) -> None:
    good, field = fact(kind), KINDS[kind].event_time
    answer = client.post(KINDS[kind].path, json=[good, {**fact(kind), field: None}, good])
    error = refused(answer, field)
    assert (error["row"], error["pointer"]) == (1, f"#/1/{field}")


@pytest.mark.parametrize("kind", KINDS_SENT)
def test_stored_once_and_known_again(served: Running, client: httpx.Client, kind: str) -> None:
    one = fact(kind)
    first, again = (client.post(KINDS[kind].path, json=one) for _ in range(2))
    assert (first.status_code, counted(first)) == (201, {"stored": 1, "known": 0})
    assert (again.status_code, counted(again)) == (200, {"stored": 0, "known": 1})


@pytest.mark.parametrize("kind", KINDS_SENT)
def test_a_list_may_repeat_itself(client: httpx.Client, kind: str) -> None:
    one, other = fact(kind), fact(kind)
    answer = client.post(KINDS[kind].path, json=[one, other, one])
    assert (answer.status_code, counted(answer)) == (201, {"stored": 2, "known": 1})


def _other_content(kind: str) -> dict[str, Any]:
    """A field outside the key, with another value."""
    others = {"id": "another", "money": "1.00", "count": 2}
    field = next(
        field
        for field in KINDS[kind].fields
        if field.name not in KINDS[kind].key and field.type in (*others, "choice")
    )
    other = next((code for code in field.choices if code != field.example), None)
    return {field.name: other or others[field.type]}


@pytest.mark.parametrize("kind", KINDS_SENT)
def test_another_content_is_a_conflict_that_stores_nothing(
    served: Running, client: httpx.Client, kind: str
) -> None:
    one = fact(kind)
    client.post(KINDS[kind].path, json=one).raise_for_status()
    before = stored(served)
    answer = client.post(KINDS[kind].path, json=[fact(kind), {**one, **_other_content(kind)}])
    assert answer.status_code == 409
    named = next(one[name] for name in KINDS[kind].key if name.endswith("_id"))
    assert named in answer.json()["detail"]
    assert stored(served) == before


@pytest.mark.parametrize("kind", KINDS_SENT)
def test_knowing_it_at_another_moment_is_no_conflict(client: httpx.Client, kind: str) -> None:
    one = fact(kind)
    client.post(KINDS[kind].path, json=one).raise_for_status()
    again = client.post(KINDS[kind].path, json={**one, "known_at": "2026-05-01T00:00:00Z"})
    assert counted(again) == {"stored": 0, "known": 1}


def test_all_of_one_call_are_known_at_one_instant(served: Running, client: httpx.Client) -> None:
    sent = [fact("orders") for _ in range(5)]
    client.post("/v1/orders", json=sent).raise_for_status()
    table = FACTS["orders"]
    query = sa.select(table.c.known_at).where(table.c.order_id.in_([f["order_id"] for f in sent]))
    with served.service.history.read() as connection:
        instants = connection.execute(query).scalars().all()
        latest = connection.execute(sa.select(sa.func.max(commits.c.at))).scalar_one()
    assert instants == [latest] * 5


@pytest.mark.parametrize("body", [[], [{}] * (MAX_FACTS + 1)])
@pytest.mark.parametrize("kind", KINDS_SENT)
def test_a_list_has_one_to_a_thousand(client: httpx.Client, kind: str, body: list[Any]) -> None:
    answer = client.post(KINDS[kind].path, json=body)
    assert answer.status_code == 422
    assert str(MAX_FACTS) in answer.json()["detail"]


@pytest.mark.parametrize("body", ["text", 3, True, [3], ["x"], [[]]])
def test_a_fact_is_an_object(client: httpx.Client, body: Any) -> None:
    assert client.post("/v1/orders", json=body).status_code == 422


def test_a_thousand_at_once(client: httpx.Client) -> None:
    answer = client.post("/v1/orders", json=[fact("orders") for _ in range(MAX_FACTS)])
    assert counted(answer) == {"stored": MAX_FACTS, "known": 0}


@pytest.mark.parametrize(
    ("says", "decided_by", "status"),
    [
        ("merchant", None, 201),
        ("merchant", "merchant", 201),
        ("merchant", "platform", 403),
        ("merchant", "reviewer", 403),
        ("merchant", "appeal", 403),
        ("merchant", "system", 403),
        ("platform", "platform", 201),
        ("platform", None, 403),
        ("platform", "appeal", 403),
    ],
)
def test_who_found_it_is_for_the_key_to_say(
    served: Running, says: str, decided_by: str | None, status: int
) -> None:
    with served.client("outcomes", says=says) as client:
        answer = client.post("/v1/outcomes", json=[{**fact("outcomes"), "decided_by": decided_by}])
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["errors"][0]["pointer"] == "#/0/decided_by"
