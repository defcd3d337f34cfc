"""A second factor: set up by a person, asked for at the login, lost and removed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyotp
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from risk.access import login_limits, people, second_factor
from risk.access.second_factor import RECOVERY_CODES, STEP_MS
from risk.history.connection.connect import now_ms
from risk.history.schema.schema_factors import second_factors
from tests.api.console_visits import PASSWORD, Visitor, hidden, logged_in, visitor
from tests.api.serving import SECRET, Running, running
from training.cli import app


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path, second_factor=True) as run:
        yield run


def secret_in(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert found, page
    return found[1]


def code_of(secret: str, steps: int = 0) -> str:
    """The code of the time step that is `steps` away from now."""
    return pyotp.TOTP(secret).at((now_ms() + steps * STEP_MS) // 1000)


def set_up(someone: Visitor) -> tuple[str, list[str]]:
    """Set a factor up and confirm it by the code before this one; the secret, recovery codes."""
    secret = secret_in(someone.send("account/factor").text)
    page = someone.send("account/factor/confirm", code=code_of(secret, -1))
    assert page.status_code == 200, page.text
    someone.csrf_token = hidden(page.text)
    return secret, re.findall(r"^([0-9a-f]{10})$", page.text.replace("<pre>", "\n"), re.MULTILINE)


def try_to_log_in(run: Running, name: str, code: str) -> httpx.Response:
    with visitor(run).http as browser:
        token = hidden(browser.get("/console/login").text)
        form = {"name": name, "password": PASSWORD, "code": code, "csrf_token": token}
        return browser.post("/console/login", data=form)


def test_a_code_is_asked_for_and_counts_once(own: Running) -> None:
    secret, recovery = set_up(logged_in(own, "mei"))
    assert len(set(recovery)) == RECOVERY_CODES
    for wrong in ("", "000000", code_of(secret, -1), code_of(secret, 5)):
        assert try_to_log_in(own, "mei", wrong).status_code == 401, wrong
    code = code_of(secret)
    assert try_to_log_in(own, "mei", f" {code[:3]} {code[3:]} ").status_code == 303
    assert try_to_log_in(own, "mei", code).status_code == 401


def test_a_recovery_code_counts_once(own: Running) -> None:
    _, recovery = set_up(logged_in(own, "mei"))
    assert try_to_log_in(own, "mei", recovery[3].upper()).status_code == 303
    assert try_to_log_in(own, "mei", recovery[3]).status_code == 401
    assert try_to_log_in(own, "mei", recovery[4]).status_code == 303


def test_a_secret_is_in_force_only_once_a_code_of_it_was_given(own: Running) -> None:
    someone = logged_in(own, "mei")
    someone.send("account/factor")
    assert someone.send("account/factor/confirm", code="000000").status_code == 422
    assert try_to_log_in(own, "mei", "").status_code == 303
    set_up(someone)
    assert someone.send("account/factor").status_code == 422, "none is replaced by a session alone"


def test_codes_are_not_guessed_from_many_addresses(own: Running) -> None:
    set_up(logged_in(own, "mei"))
    history = own.service.history
    for tried in range(login_limits.FAILED_CODES):
        with pytest.raises(people.CodeNeeded):
            people.authenticate(history, "mei", PASSWORD, f"203.0.113.{tried}", "000000")
    with pytest.raises(login_limits.TooManyAttempts):
        people.authenticate(history, "mei", PASSWORD, "198.51.100.1", "000000")
    assert people.authenticate(history, "mei", "wrong", "198.51.100.2", "000000") is None


def test_administrators_act_only_with_a_second_factor_where_the_settings_say_so(
    own: Running, served: Running
) -> None:
    mei = logged_in(own, "mei", role="administrator")
    answer = mei.read("people")
    assert answer.headers["location"] == "/console/account?done=factor"
    secret, _ = set_up(mei)
    assert mei.read("people").status_code == 200, "this browser has just proved it"
    assert try_to_log_in(own, "mei", code_of(secret)).status_code == 303
    assert logged_in(own, "rita").read("").status_code == 200
    assert logged_in(served, "boss", role="administrator").read("people").status_code == 200


def test_other_browsers_are_logged_out_by_it(own: Running) -> None:
    other, mei = logged_in(own, "mei"), logged_in(own, "mei")
    set_up(mei)
    assert other.read("").status_code == 303
    assert mei.read("").status_code == 200


def test_who_lost_it_is_helped_by_an_administrator_or_the_command(
    own: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = logged_in(own, "boss", role="administrator")
    set_up(boss)
    set_up(logged_in(own, "mei"))
    assert boss.send("people/factor", name="boss").status_code == 403
    assert boss.send("people/factor", name="mei").status_code == 303
    assert try_to_log_in(own, "mei", "").status_code == 303
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", f"sqlite:///{tmp_path}/store.db")
    monkeypatch.setenv("REFUND_RISK_SECRET", SECRET)
    command = ["people", "remove-second-factor", "boss"]
    assert CliRunner().invoke(app, command).exit_code == 0
    assert CliRunner().invoke(app, command).exit_code == 1
    assert try_to_log_in(own, "boss", "").status_code == 303


def test_the_password_is_changed_without_a_code_and_the_factor_stays(own: Running) -> None:
    mei = logged_in(own, "mei")
    set_up(mei)
    new = "an other battery of words"
    changed = mei.send("account/password", old=PASSWORD, password=new, again=new)
    assert changed.status_code == 303
    history = own.service.history
    with pytest.raises(people.CodeNeeded):
        people.authenticate(history, "mei", new, "203.0.113.9")


def test_the_store_holds_neither_secret_nor_codes(own: Running, tmp_path: Path) -> None:
    secret, recovery = set_up(logged_in(own, "mei"))
    with own.service.history.read() as connection:
        stored = repr(connection.execute(sa.select(second_factors)).all())
        assert second_factor.is_in_force(connection, "mei")
    files = b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))
    for value in (secret, *recovery):
        assert value not in stored
        assert value.encode() not in files
