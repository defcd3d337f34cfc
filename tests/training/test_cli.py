"""The command: every help, every command once over a small shop, and errors in one line."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd
import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from risk.errors import BadInput, Problem
from risk.history import published_models
from tests.shops import SECRET, Shop
from training.cli import app
from training.cli.policy import notes, table
from training.cli.serve import serve
from training.cli.shell import one_line_errors
from training.judge.metrics import ConfidenceInterval

Run = Callable[..., Result]
POLICY = Path(__file__).parents[2] / "risk" / "policy.toml"


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every command of the app."""
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))
        yield (*path, name)


EVERY = sorted(commands(get_command(app)))


@pytest.fixture
def run(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command with the settings of the shop."""
    for name, value in shop.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def one_line(told: Result, *words: str) -> None:
    """It failed with one line that says what went wrong."""
    lines = [line for line in told.stderr.splitlines() if "error:" in line]
    assert told.exit_code == 1, told.output
    assert len(lines) == 1
    assert all(word in lines[0] for word in words), lines[0]
    assert "Traceback" not in told.output


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_command_says_what_it_does(path: tuple[str, ...]) -> None:
    told = CliRunner().invoke(app, [*path, "--help"])
    assert told.exit_code == 0
    command: Any = get_command(app)
    for name in path:
        command = command.commands[name]
    assert command.help
    unsaid = [p.name for p in command.params if not getattr(p, "help", "") and p.name != "file"]
    assert not set(unsaid) - {"help", "password"}


def test_the_commands_of_the_contract_are_there() -> None:
    promised = {
        "simulate", "import", "train", "evaluate", "promote", "rollback", "score", "backtest",
        "monitor", "replay", "serve", "keys create", "keys list", "keys revoke",
    }  # fmt: skip
    assert promised <= {" ".join(path) for path in EVERY}


def test_a_world_is_made_and_stored_once(run: Run, tmp_path: Path, shop: Shop) -> None:
    told = run("simulate", "--out", tmp_path / "w", "--refunds", "60", "--seed", "4")
    assert told.exit_code == 0, told.output
    assert (tmp_path / "truth.parquet").exists()
    assert re.search(r"60 refunds|refunds", told.stdout)
    again = run("import", shop.facts)
    assert again.exit_code == 0, again.output
    lines = re.findall(r"^(\w+): 0 new, [\d,]+ known already, 0 skipped$", again.stdout, re.M)
    assert set(lines) == {file.stem for file in shop.facts.iterdir()}


def test_a_check_says_what_an_import_would(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    header = "order_id,customer_id,placed_at,amount,colour\n"
    row = "O-check,C-1,2026-03-01T08:00:00+08:00,12.50,red\n"
    (folder / "orders_1.csv").write_text(header + row)
    (folder / "order.csv").write_text("x")
    checked = run("import", "--check", folder)
    assert checked.exit_code == 0, checked.output
    assert "orders: 1 new, 0 known already, 0 skipped" in checked.stdout
    assert "checked: nothing is stored" in checked.stdout
    assert "left out, not read: order.csv" in checked.stderr
    assert "orders_1.csv: left out unknown columns colour" in checked.stderr
    (folder / "orders_2.csv").write_text(header + row.replace("12.50", "?"))
    refused = run("import", "--check", folder)
    assert refused.exit_code == 1
    assert "error: orders_2.csv row 2 field amount" in refused.stderr
    assert "orders: 1 new, 0 known already, 1 skipped" in refused.stdout


def test_a_folder_is_scored_without_being_stored(run: Run, tmp_path: Path, shop: Shop) -> None:
    told = run("score", "--in", shop.facts, "--out", tmp_path / "scores.csv")
    assert told.exit_code == 0, told.output
    scores = pd.read_csv(tmp_path / "scores.csv")
    assert len(scores) == 800
    assert scores["probability"].between(0, 1).all()
    assert "800 requests" in told.stdout


def test_a_folder_is_scored_with_a_version(run: Run, tmp_path: Path, shop: Shop) -> None:
    given = ("--in", shop.facts, "--out", tmp_path / "by_version.parquet")
    told = run("score", *given, "--model", "1")
    assert told.exit_code == 0, told.output
    run("score", "--in", shop.facts, "--out", tmp_path / "served.parquet", "--model", "champion")
    by_version, served = (
        pd.read_parquet(tmp_path / f"{name}.parquet") for name in ("by_version", "served")
    )
    pd.testing.assert_frame_equal(by_version, served)
    one_line(run("score", *given, "--model", "99"), "99")


def test_a_champion_is_evaluated_and_replayed(run: Run) -> None:
    told = run("evaluate")
    assert told.exit_code == 0, told.output
    assert re.search(r"^auc +0\.\d{3} \(0\.\d{3} to [01]\.\d{3}\)", told.stdout, re.M)
    again = run("evaluate")
    assert again.stdout == told.stdout
    assert re.search(r"cases of 20[\d: -]+ UTC used again", again.stderr)
    told = run("replay")
    assert told.exit_code == 0, told.output
    assert re.search(r"^\d+ decisions made again, 0 differences$", told.stdout, re.M)


def test_the_monitor_says_first_what_matters_and_writes_what_is_asked(
    run: Run, tmp_path: Path
) -> None:
    told = run("monitor", "--report", tmp_path / "m.html", "--gauges", tmp_path / "m.prom")
    first = told.stdout.splitlines()[0]
    assert first.startswith("monitor: version 1: ")
    assert told.exit_code == int("ALARM" in first), told.output
    assert "replay: " in told.stdout
    assert (tmp_path / "m.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "refund_risk_monitor_alarms" in (tmp_path / "m.prom").read_text(encoding="utf-8")


def test_another_policy_is_checked_told_apart_and_replayed(run: Run, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    text = POLICY.read_text(encoding="utf-8").replace("\nasked = 4.0", "\nasked = 30.0")
    mine.write_text(text, encoding="utf-8")
    assert "valid, version" in run("policy", "check", mine).stdout
    assert "costs.asked: 4.0 → 30.0" in run("policy", "diff", POLICY, mine).stdout
    assert run("policy", "diff", POLICY, POLICY).stdout.strip() == "no difference"
    told = run(
        "backtest", "--policy", mine, "--sweep", "costs.asked=2,8", "--json", tmp_path / "b.json",
        "--plot", tmp_path / "b.png",
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    numbers = orjson.loads((tmp_path / "b.json").read_bytes())
    assert list(numbers) == ["in force", str(mine), "costs.asked=2", "costs.asked=8"]
    assert "against_in_force" not in numbers["in force"]
    assert set(numbers[str(mine)]["against_in_force"]["cost_a_request"]) == {"value", "low", "high"}
    assert (tmp_path / "b.png").stat().st_size > 5_000
    assert told.stdout.count("difference") == 3


def test_a_backtest_reads_as_a_table() -> None:
    known, unknown = (
        ConfidenceInterval(0.0512, 0.01, 0.1),
        ConfidenceInterval(np.nan, np.nan, np.nan),
    )
    one = {
        "requests": 1234, "labelled": 56, "tiers": {"approve": 1200, "request_evidence": 34},
        "honest_bothered": known, "honest_waiting": known, "saved_share": unknown,
        "cost_a_request": ConfidenceInterval(3, 2, 4),
        "queue_per_hour": 0.5, "queue_busiest_hour": 7, "deadlines_missed": 0,
    }  # fmt: skip
    gaps = {
        name: ConfidenceInterval(0.01, -0.02, 0.04)
        for name in one
        if isinstance(one[name], ConfidenceInterval)
    }
    lines = table({"in force": one, "a": {**one, "against_in_force": gaps}})
    assert len(lines) == 4
    assert len({len(line) for line in lines[:3]}) == 1
    assert "5.1% (1.0% to 10.0%)" in lines[1]
    assert "–" in lines[1]
    assert "+1.0% (-2.0% to +4.0%)" in lines[3]
    told = "\n".join(notes({"in force": one}, 2, 15.0))
    assert "1,234 requests" in told
    assert "56 with a finding" in told
    assert "7 in the busiest" in told


def test_keys_are_made_shown_once_and_taken_back(run: Run) -> None:
    made = run("keys", "create", "tickets", "--scope", "score")
    assert made.exit_code == 0, made.output
    listed = run("keys", "list").stdout
    assert "tickets" in listed
    tokens = [word for word in made.stdout.split() if len(word) > 30]
    assert tokens
    assert not any(token in listed for token in tokens)
    one_line(run("keys", "create", "bad", "--scope", "everything"), "everything")


def test_what_goes_wrong_is_one_line(run: Run, tmp_path: Path) -> None:
    one_line(run("promote", "99"), "refund-risk@99")
    one_line(run("promote", "starter"), "promised share")
    one_line(run("evaluate", "--model", "nobody"), "refund-risk@nobody")
    one_line(run("rollback"), "no earlier champion")
    one_line(run("challenge", "1"), "cannot challenge itself")
    one_line(run("policy", "check", tmp_path / "none.toml"), "none.toml")
    one_line(run("import", tmp_path / "none"), "none")
    one_line(run("backtest", "--policy", POLICY, "--sweep", "costs.asked=a,b"), "--sweep")
    one_line(run("backtest", "--policy", POLICY, "--sweep", "costs.nothing=1"), "costs.nothing")


def test_a_wrong_secret_and_an_empty_store_are_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUND_RISK_SECRET", "not the one it was made with")
    one_line(run("replay"))
    monkeypatch.setenv("REFUND_RISK_SECRET", SECRET)
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    one_line(run("monitor"), "no model has been promoted")
    one_line(run("train"))
    one_line(run("score", "--in", tmp_path, "--out", tmp_path / "s.csv"), "no model")


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


def test_training_leaves_a_challenger_or_says_why_not(run: Run, shop: Shop) -> None:
    told = run("train", "--fast", "--seed", "1", "--name", "a first look")
    assert "two folds of trees instead of four" in " ".join(told.stderr.split())
    assert told.exit_code == 0, told.output
    version = re.search(r"^version (\d+): a first look$", told.stdout, re.M)
    assert version
    client = import_module("mlflow").MlflowClient(shop.registry.uri, shop.registry.uri)
    found = client.get_model_version(shop.registry.name, version[1])
    assert found.description.startswith("a first look\n\n# refund-risk")
    [used] = client.get_run(found.run_id).inputs.dataset_inputs
    assert used.dataset.name == "a first look"
    assert client.get_run(found.run_id).info.run_name == "a first look"
    one_line(run("train", "--name", "x" * 251), "--name", "250")
    with shop.history.read() as connection:
        rival = published_models.challenger(connection)
    assert re.search(r"^verdict: (better|worse|whether)", told.stdout, re.M)
    assert re.search(r"^by average precision ", told.stdout, re.M)
    if "it is the challenger now" in told.stdout:
        assert rival is not None
        assert rival.version == version[1] == shop.registry.version_of("challenger")
    else:
        assert "the gate would refuse it: " in told.stdout
        assert rival is None
    told = run("challenge", version[1], "--why", "to see")
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith(f"challenger: version {version[1]} ")
    assert shop.registry.version_of("challenger") == version[1]
    entry = shop.registry.ledger()[-1]
    assert (entry.action, entry.version, entry.why) == ("challenge", version[1], "to see")
    assert shop.registry.version_of("champion") == shop.trained.version


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


def test_what_is_not_known_is_answered_with_what_is(run: Run) -> None:
    one_line(run("endpoints", "add", "magento", "x"), "one of")
    one_line(run("endpoints", "add", "magento", "x"), "shopify")
    one_line(run("tidy", "--days", "0"), "greater than or equal to 1")
    one_line(run("evaluate", "--model", "99"), "versions are 1")
