"""The command: every help, every command once over a small shop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from risk.history import published_models
from tests.shops import Shop
from tests.training.command_runs import Run, one_line
from training.cli import app
from training.cli.policy import notes, table
from training.judge.metrics import ConfidenceInterval

pytestmark = pytest.mark.whole

POLICY = Path(__file__).parents[2] / "risk" / "policy.toml"


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every command of the app."""
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))
        yield (*path, name)


EVERY = sorted(commands(get_command(app)))


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


def test_training_leaves_a_challenger_where_it_is_asked_or_says_why_not(
    run: Run, shop: Shop
) -> None:
    plain = run("train", "--fast", "--seed", "2")
    assert plain.exit_code == 0, plain.output
    assert re.search(r"`refund-risk challenge \d+`|the gate would refuse it: ", plain.stdout)
    with shop.history.read() as connection:
        assert published_models.challenger(connection) is None
    told = run("train", "--fast", "--seed", "1", "--name", "a first look", "--challenge")
    assert "two folds of trees instead of four" in " ".join(told.stderr.split())
    assert told.exit_code == 0, told.output
    version = re.search(r"^version (\d+): a first look$", told.stdout, re.M)
    assert version
    client = import_module("mlflow").MlflowClient(shop.registry.uri, shop.registry.uri)
    found = client.get_model_version(shop.registry.name, version[1])
    assert "a first look\n\n# refund-risk" in found.description
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
