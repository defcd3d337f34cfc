"""Who may log in, for how long, and that nothing in the store lets anybody else in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from risk.access import login_limits
from risk.access.access_log import log_access, read_access_log
from risk.access.login_limits import (
    FAILED_PER_ADDRESS,
    FAILED_PER_NAME_THERE,
    WINDOW_MS,
    TooManyAttempts,
)
from risk.access.people import (
    add_person,
    all_people,
    authenticate,
    change_password,
    deactivate,
)
from risk.access.saved_filters import MAX_SAVED, delete_filters, filters_saved_by, save_filters
from risk.access.sessions import IDLE_MS, LONGEST_MS, close_session, open_session, session_of
from risk.errors import BadInput, Conflict, NotFound
from risk.history.schema.schema_cases import login_attempts, people, sessions
from risk.history.store import History
from tests.stores import new_store

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module", autouse=True)
def quick_passwords() -> None:
    """They are not: hashes take what they take in service."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    folder: Path = tmp_path_factory.mktemp("people")
    history = new_store(folder / "store.db")
    add_person(history, " Mei ", PASSWORD, display_name="李梅", role="administrator")
    yield history
    history.close()


@pytest.fixture(autouse=True)
def fresh_tries(store: History) -> None:
    with store.write() as write:
        write.connection.execute(sa.delete(login_attempts))


def age(store: History, **columns: int) -> None:
    """Make every session older by so many ms."""
    with store.write() as write:
        moved = {name: sessions.c[name] - by for name, by in columns.items()}
        write.connection.execute(sa.update(sessions).values(**moved))


def test_the_right_password_and_no_other(store: History) -> None:
    person = authenticate(store, "MEI", PASSWORD, "10.0.0.1")
    assert person is not None
    assert (person.name, person.display_name, person.role) == ("mei", "李梅", "administrator")
    for name, password in (("mei", PASSWORD + " "), ("mei", ""), ("leo", PASSWORD), ("", "")):
        assert authenticate(store, name, password, "10.0.0.1") is None


def test_the_store_holds_neither_passwords_nor_tokens(store: History) -> None:
    person = authenticate(store, "mei", PASSWORD, "10.0.0.1")
    assert person is not None
    token = open_session(store, person)
    with store.read() as connection:
        hashed = connection.execute(sa.select(people.c.password)).scalar_one()
        kept = connection.execute(sa.select(sessions)).all()
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert token not in repr(kept)
    assert token.encode() not in b"".join(row.token for row in kept)


def test_guessing_is_stopped_there_and_keeps_nobody_out_elsewhere(store: History) -> None:
    for n in range(FAILED_PER_NAME_THERE):
        assert authenticate(store, "mei", f"guess {n}", "10.0.1.1") is None
    with pytest.raises(TooManyAttempts):
        authenticate(store, "mei", PASSWORD, "10.0.1.1")
    assert authenticate(store, "mei", PASSWORD, "10.0.2.1") is not None
    with store.write() as write:
        write.connection.execute(
            sa.update(login_attempts).values(at=login_attempts.c.at - WINDOW_MS - 1)
        )
    assert authenticate(store, "mei", PASSWORD, "10.0.1.1") is not None


def test_good_logins_are_not_counted(store: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office behind one address logs in as often as it likes."""
    monkeypatch.setattr(login_limits, "FAILED_PER_ADDRESS", 3)
    for _ in range(4):
        assert authenticate(store, "mei", PASSWORD, "10.0.5.1") is not None
    for n in range(3):
        assert authenticate(store, f"nobody-{n}", PASSWORD, "10.0.5.1") is None
    with pytest.raises(TooManyAttempts):
        authenticate(store, "mei", PASSWORD, "10.0.5.1")


@pytest.mark.parametrize("password", ["aaaaaaaaaaaa", "password1234", "qwertyuiop12", "a" * 256])
def test_guessable_passwords_are_refused(store: History, password: str) -> None:
    with pytest.raises(BadInput, match="harder to guess"):
        add_person(store, "pat", password)


def test_guessing_is_stopped_by_address(store: History) -> None:
    with store.write() as write:
        at = write.at
    with store.read() as connection:
        assert (
            connection.execute(sa.select(sa.func.count()).select_from(login_attempts)).scalar() == 0
        )
    authenticate(store, "nobody-0", "guess", "10.0.3.1")
    with store.write() as write:
        subject = "address:"
        found = write.connection.execute(
            sa.select(login_attempts.c.subject).where(login_attempts.c.subject.startswith(subject))
        ).scalar_one()
        more = [{"subject": found, "at": at} for _ in range(FAILED_PER_ADDRESS - 1)]
        write.connection.execute(sa.insert(login_attempts), more)
    with pytest.raises(TooManyAttempts):
        authenticate(store, "mei", PASSWORD, "10.0.3.1")
    assert authenticate(store, "mei", PASSWORD, "10.0.3.2") is not None


def test_a_right_password_forgives_the_wrong_ones(store: History) -> None:
    for _ in range(2):
        for n in range(FAILED_PER_NAME_THERE - 1):
            authenticate(store, "mei", f"guess {n}", "10.0.4.1")
        assert authenticate(store, "mei", PASSWORD, "10.0.4.1") is not None


def test_sessions_end_idle_or_old_or_left(store: History) -> None:
    person = authenticate(store, "mei", PASSWORD, "10.0.0.1")
    assert person is not None
    token = open_session(store, person)
    seen = session_of(store, token)
    assert seen is not None
    assert seen.person == person
    age(store, seen_at=IDLE_MS - 60_000)
    assert session_of(store, token) == seen, "a look keeps it alive"
    age(store, seen_at=IDLE_MS - 60_000)
    assert session_of(store, token) == seen
    age(store, opened_at=LONGEST_MS + 1_000)
    assert session_of(store, token) is None
    token = open_session(store, person)
    age(store, seen_at=IDLE_MS + 1_000)
    assert session_of(store, token) is None
    token = open_session(store, person)
    close_session(store, token)
    assert session_of(store, token) is None
    assert session_of(store, "") is None


def test_a_new_password_and_a_dismissal_end_every_session(store: History) -> None:
    leo = add_person(store, "leo", PASSWORD)
    token = open_session(store, leo)
    change_password(store, "leo", "another long password")
    assert session_of(store, token) is None
    assert authenticate(store, "leo", PASSWORD, "10.0.0.1") is None
    token = open_session(store, leo)
    deactivate(store, "leo")
    assert session_of(store, token) is None
    assert authenticate(store, "leo", "another long password", "10.0.0.1") is None
    with store.read() as connection:
        assert [(p.name, p.deactivated) for p in all_people(connection)] == [
            ("leo", True),
            ("mei", False),
        ]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a b"}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 300}, "password"),
        ({"password": "ann.new and more"}, "password"),
        ({"role": "king"}, "role"),
        ({"zone": "Moon/Base"}, "zone"),
    ],
)
def test_who_cannot_be_let_in(store: History, given: dict[str, str], field: str) -> None:
    wanted: dict[str, Any] = {"name": "ann.new", "password": "something long enough", **given}
    with pytest.raises(BadInput) as bad:
        add_person(store, wanted.pop("name"), wanted.pop("password"), **wanted)
    assert [problem.field for problem in bad.value.problems] == [field]


def test_names_are_unique_and_known(store: History) -> None:
    with pytest.raises(Conflict):
        add_person(store, "MEI", "something long enough")
    with pytest.raises(NotFound):
        deactivate(store, "nobody")


def test_the_access_log_tells_who_looked(store: History) -> None:
    for refund_id in ("R-1", "R-2", "R-1"):
        log_access(store, "mei", refund_id, "case")
    with store.read() as connection:
        assert [look["refund_id"] for look in read_access_log(connection)] == ["R-1", "R-2", "R-1"]
        assert len(read_access_log(connection, "R-1")) == 2
        last = read_access_log(connection)[0]["look_no"]
        assert [look["refund_id"] for look in read_access_log(connection, before=last)] == [
            "R-2",
            "R-1",
        ]


def test_saved_views_are_few_and_ones_own(store: History) -> None:
    for n in range(MAX_SAVED + 2):
        save_filters(store, "mei", f"view {n}", f"ring={n}")
    save_filters(store, "mei", "view 9", "ring=99")
    with store.read() as connection:
        kept = {view["title"]: view["filters"] for view in filters_saved_by(connection, "mei")}
        assert filters_saved_by(connection, "leo") == []
    assert len(kept) == MAX_SAVED
    assert kept["view 9"] == "ring=99"
    assert "view 0" not in kept
    delete_filters(store, "mei", "view 9")
    with store.read() as connection:
        assert "view 9" not in {view["title"] for view in filters_saved_by(connection, "mei")}
