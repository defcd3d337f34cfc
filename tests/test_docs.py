"""What the pages say is there: links, paths, commands, make targets, decision records."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from training.cli import app

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES += [ROOT / "data/README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MADE = ("data/", "scores.parquet", "docs/decisions/NNNN")
"""Where pages name what a reader makes, not what the tree holds."""
WHERE = re.compile(r"`((?:risk|training|api|tests|docs|requirements|notebooks)/[\w/.*-]+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if "://" not in link:
            assert (page.parent / link).exists(), link
    for path in WHERE.findall(text):
        assert path.startswith(MADE) or list(ROOT.glob(path.rstrip("/"))), path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_tests_that_are_named_exist(page: Path) -> None:
    for path, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text(encoding="utf-8")):
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_nothing_lies_outside_the_clone(page: Path) -> None:
    assert not re.search(r"(^|[\s`(])(\.\./\.\.|\.\./shared|/(home|root|work|tmp)/)",
                         page.read_text(encoding="utf-8"))  # fmt: skip


def commands(group: Any, before: str = "") -> dict[str, set[str]]:
    """The options of every command, by its whole name; groups have none."""
    found: dict[str, set[str]] = {}
    for name, command in group.commands.items():
        found[before + name] = {option for param in command.params for option in param.opts}
        if hasattr(command, "commands"):
            found |= commands(command, f"{before}{name} ")
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_and_their_options_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = commands(typer.main.get_command(app))
    groups = {name.split()[0] for name in known if " " in name}
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    shown = re.findall(r"^(?:\S*/)?refund-risk ([a-z].*)", blocks, re.MULTILINE)
    for line in shown + re.findall(r"`(?:\S*/)?refund-risk ([a-z][^`]*)`", text):
        first, *rest = line.split(" #")[0].split()
        name = f"{first} {rest[0]}" if first in groups and rest else first
        assert {word for word in rest if word.startswith("--")} <= known[name] | {"--help"}, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", page.read_text(encoding="utf-8"), re.M)
    assert {first or second for first, second in named} <= targets


def test_every_decision_record_is_listed_once() -> None:
    listed = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    records = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    numbers = [int(record.name[:4]) for record in records]
    assert numbers == list(range(1, len(records) + 1))
    for number, record in zip(numbers, records, strict=True):
        title, *rest = record.read_text(encoding="utf-8").splitlines()
        assert title.startswith(f"# {number}. ")
        assert [line for line in rest if line.startswith("## ")] == [
            "## Context", "## Decision", "## Consequences",
        ]  # fmt: skip
        assert listed.count(f"- [{title.partition('. ')[2]}]({record.name})\n") == 1


def test_hooks_before_a_commit_run_what_make_lint_runs() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    hooks = [hook for repo in yaml.safe_load(text)["repos"] for hook in repo["hooks"]]
    assert {repo["repo"] for repo in yaml.safe_load(text)["repos"]} == {"local"}
    for hook in hooks:
        tool = Path(sys.executable).parent / hook["entry"].split()[0].rpartition("/")[2]
        assert subprocess.run([tool, "--version"], capture_output=True, check=False).returncode == 0
