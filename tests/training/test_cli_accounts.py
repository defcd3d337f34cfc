"""Keys and the accounts of reviewers, kept at the command line."""

from __future__ import annotations

import re

from tests.training.command_runs import Run, one_line


def test_keys_are_made_shown_once_and_taken_back(run: Run) -> None:
    made = run("keys", "create", "tickets", "--scope", "score")
    assert made.exit_code == 0, made.output
    listed = run("keys", "list").stdout
    assert "tickets" in listed
    tokens = [word for word in made.stdout.split() if len(word) > 30]
    assert tokens
    assert not any(token in listed for token in tokens)
    one_line(run("keys", "create", "bad", "--scope", "everything"), "everything")


def test_two_keys_that_work_have_two_names(run: Run) -> None:
    assert run("keys", "create", "shop-7", "--scope", "score").exit_code == 0
    one_line(run("keys", "create", "shop-7", "--scope", "score"), "shop-7 works already")
    head, *rows = run("keys", "list").stdout.splitlines()
    assert head.split() == [
        "key", "name", "state", "scopes", "merchants", "last", "used", "expires",
    ]  # fmt: skip
    [row] = [row for row in rows if "shop-7" in row]
    run("keys", "revoke", row.split()[0])
    assert run("keys", "create", "shop-7", "--scope", "score").exit_code == 0
    states = [row.split()[2] for row in run("keys", "list").stdout.splitlines() if "shop-7" in row]
    assert sorted(states) == ["active", "revoked"]


def test_an_administrator_keeps_accounts_at_the_command_line(run: Run) -> None:
    word = "a long enough password"
    assert run("people", "add", "wang", "--password", word).exit_code == 0
    assert run("people", "role", "wang", "administrator").exit_code == 0
    assert run("people", "disable", "Wang").exit_code == 0
    listed = run("people", "list").stdout
    assert re.search(r"^wang +wang +administrator +disabled +no ", listed, re.M)
    assert run("people", "password", "wang", "--password", word + " now").exit_code == 0
    assert re.search(r"^wang .* active ", run("people", "list").stdout, re.M)
    one_line(run("people", "role", "wang", "king"), "one of reviewer, administrator")
    one_line(run("people", "disable", "nobody"), "nobody is named nobody")
    one_line(run("people", "password", "nobody"), "nobody is named nobody")
    assert run("people", "team", "Wang", "Parcels").exit_code == 0
    assert re.search(r"^wang +wang +administrator +Parcels ", run("people", "list").stdout, re.M)
    assert "no team" in run("people", "team", "wang", "").stdout
    one_line(run("people", "team", "nobody", "Parcels"), "nobody is named nobody")


def test_without_a_terminal_a_password_is_piped_in_or_the_command_says_so(run: Run) -> None:
    """Nothing is asked of nobody: no prompt, no warning of Python's."""
    for command in (("people", "add", "wu"), ("people", "password", "wu")):
        made = run(*command, input="a long enough password\r\n")
        assert made.exit_code == 0, made.output
        assert "Password" not in made.output
        assert "Warning" not in made.output
    for command in (("people", "add", "qian"), ("people", "password", "wu")):
        one_line(run(*command), "--password", "piped in")
    assert "qian" not in run("people", "list").stdout
