"""Every benchmark starts, and those that learn or fill back run through at their smallest."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from tests.bench.features import fill

BENCH = Path(__file__).parent


def commands() -> Iterator[str]:
    """The modules that are run as commands."""
    for file in sorted([*BENCH.glob("*.py"), *BENCH.glob("*/__main__.py")]):
        if "    typer.run(main)\n" in file.read_text():
            place = file.relative_to(BENCH).with_suffix("")
            yield ".".join(["tests.bench", *place.parts])


def run(name: str, *words: str) -> Result:
    """What a benchmark prints, run in this process with a width of its own."""
    app = typer.Typer(add_completion=False)
    app.command()(import_module(name).main)
    return CliRunner().invoke(app, words, catch_exceptions=False)


@pytest.mark.parametrize("name", list(commands()))
def test_it_says_what_it_measures(name: str) -> None:
    told = run(name, "--help")
    assert told.exit_code == 0, told.output
    assert "Usage:" in told.output


@pytest.mark.whole
@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("tree", "", "circles"),
        ("learning", "--refunds 1000 --seeds 1 --file FOLDER/found.jsonl --held-back ''", "times"),
        ("another", "--refunds 1000 --seeds 1 --file FOLDER/found.jsonl", "of those bothered"),
        ("promise", "--worlds 1 --refunds 800 --jobs 1 --file FOLDER/found.jsonl", "broken"),
        ("rules", "--worlds 1 --refunds 100", ""),
        ("files_decided", "--cases 1 --rounds 1", ""),
    ],
)
def test_it_measures_the_smallest(
    name: str, words: str, said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    given = words.replace("FOLDER", str(tmp_path)).replace("''", '""').split()
    told = run(f"tests.bench.{name}", *(word.strip('"') for word in given))
    assert told.exit_code == 0, told.output
    assert said in told.output + capfd.readouterr().out


@pytest.mark.whole
def test_a_small_backfill_is_measured(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    fill([tmp_path / "small"], [2_000], memory=512, threads=1, repeat=1)
    assert "reached  MB of memory held at once" in capfd.readouterr().out
