"""Every notebook runs top to bottom on a small shop, defines nothing, and is saved with outputs
that are those of its code."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.notebook_outputs import SAVED, shape, sources_digest, texts
from tests.shops import open_shop

pytestmark = pytest.mark.whole

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
LARGEST = 700_000
MACHINE_PATH = re.compile(r"""(^|["'`\s(])/(\w[\w.-]*/)+""", re.MULTILINE)
PERSONAL_ID = re.compile(r"\b[CROM]-?\d{6,}\b|\brrk_|\bE\d{9,}\b")
AGAIN = "run `python -m tests.save_notebooks`"


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # has no types


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of a small shop with a champion."""
    shop = open_shop(tmp_path_factory, "notebooks")
    shop.history.close()
    return shop.environment


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_says_what_is_saved_of_it(
    path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    saved, notebook = read(path), read(path)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": tmp_path}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    drawn = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(drawn) >= 4
    warned = [output["text"] for output in outputs if output.get("name") == "stderr"]
    assert not warned
    for before, now in zip(saved.cells, notebook.cells, strict=True):
        assert shape(before) == shape(now), f"{AGAIN}: {before.source}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_defines_nothing_and_asks_questions(path: Path) -> None:
    notebook = read(path)
    assert notebook.cells[0].cell_type == "markdown"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            tree = ast.walk(ast.parse(cell.source))
            assert not [node for node in tree if isinstance(node, DEFINING)]
    asked = [c.source for c in notebook.cells if c.cell_type == "markdown"]
    titles = re.findall(r"^#+ (.*)$", "\n".join(asked), re.MULTILINE)
    questions = [title for title in titles if title.endswith("?")]
    answers = [cell for cell in notebook.cells if ("answer", ("Answer.",)) in shape(cell)]
    assert len(questions) >= 5
    assert len(answers) >= 5


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_saved_with_the_outputs_of_its_code(path: Path) -> None:
    """None is left out, none is older than the code, and none says where or of whom it was made."""
    notebook = read(path)
    assert notebook.metadata[SAVED] == sources_digest(notebook), AGAIN
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert all(cell.outputs or cell.source.count("\n") for cell in code)
    assert path.stat().st_size <= LARGEST
    told = texts(notebook)
    assert not MACHINE_PATH.search(told + "\n".join(cell.source for cell in code))
    assert not PERSONAL_ID.search(told)
