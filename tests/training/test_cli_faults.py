"""What goes wrong at the command: one line that says what, and where to look."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from risk.errors import BadInput, Problem
from tests.shops import SECRET
from tests.training.command_runs import Run, one_line
from training.cli.serve import serve
from training.cli.shell import one_line_errors

POLICY = Path(__file__).parents[2] / "risk" / "policy.toml"


def test_what_goes_wrong_is_one_line(run: Run, tmp_path: Path) -> None:
    one_line(run("promote", "99"), "refund-risk@99")
    one_line(run("promote", "starter"), "promised share")
    one_line(run("evaluate", "--model", "nobody"), "refund-risk@nobody")
    one_line(run("rollback"), "no earlier champion")
    one_line(run("challenge", "1"), "cannot challenge itself")
    one_line(run("policy", "check", tmp_path / "none.toml"), "none.toml")
    one_line(run("import", tmp_path / "none"), "none")
    one_line(run("train", "--as-of", "yesterday"), "--as-of: expected a time in ISO 8601")
    one_line(run("backtest", "--policy", POLICY, "--sweep", "costs.asked=a,b"), "--sweep")
    one_line(run("backtest", "--policy", POLICY, "--sweep", "costs.nothing=1"), "costs.nothing")


def test_a_wrong_secret_and_an_empty_store_are_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUND_RISK_SECRET", "not the one it was made with")
    one_line(run("replay"))
    monkeypatch.setenv("REFUND_RISK_SECRET", SECRET)
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    assert run("keys", "create", "first", "--scope", "score").exit_code == 0
    one_line(run("monitor"), "no model has been promoted")
    one_line(run("train"))
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", "mysql://here/shop")
    one_line(run("keys", "list"), "sqlite or postgresql, not in mysql")
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    one_line(run("score", "--in", tmp_path, "--out", tmp_path / "s.csv"), "no model")


@pytest.mark.parametrize(
    "command",
    [("monitor",), ("train",), ("evaluate",), ("replay",), ("imports",), ("keys", "list"),
     ("people", "list"), ("receivers", "list"), ("forget", "C-1"), ("promote", "2"),
     ("retract", "refunds", "R-1", "--reason", "a typo"), ("people", "role", "mei", "reviewer")],
    ids=" ".join,
)  # fmt: skip
def test_where_there_is_no_store_none_is_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    mistyped = tmp_path / "data" / "hsitory.db"
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", f"sqlite:///{mistyped}")
    one_line(run(*command), f"there is no store at {mistyped}")
    assert not mistyped.parent.exists()


def test_the_champion_is_not_promoted_over_itself(run: Run) -> None:
    for name in ("champion", "1"):
        told = run("promote", name)
        assert told.exit_code == 0, told.output
        assert told.stdout == "version 1 is the champion: nothing changes\n"


def test_findings_of_one_class_are_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", f"sqlite:///{tmp_path}/honest.db")
    day, facts = "2026-03-{:02}T10:00:00Z", tmp_path / "facts"
    facts.mkdir()
    for name, header, row in (
        ("orders", "order_id,customer_id,placed_at,amount", "O{0},C{0},{1},20"),
        (
            "refunds",
            "refund_id,order_id,requested_at,amount,reason_code",
            "R{0},O{0},{1},20,damaged",
        ),
        ("outcomes", "refund_id,decided_at,verdict", "R{0},{1},legitimate"),
    ):
        rows = [row.format(n, day.format(1 + n)) for n in range(28)]
        (facts / f"{name}.csv").write_text("\n".join([header, *rows, ""]))
    assert run("import", facts).exit_code == 0
    one_line(run("train"), "got 0 abusive, 28 honest", "promote starter")


def test_what_is_not_known_is_answered_with_what_is(run: Run) -> None:
    one_line(run("endpoints", "add", "magento", "x"), "one of")
    one_line(run("endpoints", "add", "magento", "x"), "shopify")
    one_line(run("tidy", "--days", "0"), "greater than or equal to 1")
    one_line(run("evaluate", "--model", "99"), "versions are 1")


def test_many_problems_are_counted_and_not_all_shown(capsys: pytest.CaptureFixture[str]) -> None:
    many = [Problem("orders", row, "amount", "a number", "x") for row in range(30)]

    @one_line_errors
    def fails() -> None:
        raise BadInput(many)

    with pytest.raises(SystemExit) as left:
        fails()
    assert left.value.code == 1
    told = capsys.readouterr().err
    assert told.count("error:") == 20
    assert "10 more" in told


def test_what_the_system_refuses_is_one_line_with_the_whole_path(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    Path("no-folder").touch()

    @one_line_errors
    def opens() -> None:
        Path("no-folder/store.db").touch()

    with pytest.raises(SystemExit):
        opens()
    assert capsys.readouterr().err == f"error: {tmp_path}/no-folder/store.db: Not a directory\n"


@pytest.mark.usefixtures("run")
def test_a_python_that_may_not_be_run_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.touch()
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(SystemExit):
        serve(port=0)
    assert capsys.readouterr().err.endswith(f"error: {python}: Permission denied\n")
