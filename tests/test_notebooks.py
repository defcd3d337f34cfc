"""Every notebook runs top to bottom on a small shop, defines nothing, and is kept bare."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.shops import open_shop

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of a small shop with a champion."""
    shop = open_shop(tmp_path_factory, "notebooks")
    shop.history.close()
    return shop.environment


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_draws(
    path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # has no types
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": tmp_path}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    drawn = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(drawn) >= 4
    warned = [output["text"] for output in outputs if output.get("name") == "stderr"]
    assert not warned


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_defines_nothing_and_is_kept_without_outputs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"""["'`\s]/\w+/""", text), "a path of somebody's machine"
    notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]  # has no types
    assert notebook.cells[0].cell_type == "markdown"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            tree = ast.walk(ast.parse(cell.source))
            assert not [node for node in tree if isinstance(node, DEFINING)]
            assert not cell.outputs
            assert cell.execution_count is None
