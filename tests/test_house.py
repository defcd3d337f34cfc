"""The rooms of the house and the one direction in which they may lean on one another."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(path for room in ("risk", "training", "api") for path in (ROOT / room).rglob("*.py"))

LAYERS = (
    {"errors", "settings", "facts"},
    {"identity", "text", "findings", "features"},
    {"history", "model", "policy", "explain", "registry", "served"},
    {"decisions"},
    {"access", "cases", "evidence", "privacy", "webhooks"},
)
"""Inside `risk`: a module may import from its own layer and from those above it in this list."""


@cache
def imported(path: Path) -> frozenset[str]:
    """Every absolute module a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def layer(module: str) -> int | None:
    parts = module.split(".")
    if parts[0] != "risk" or len(parts) < 2:
        return None
    return next((i for i, names in enumerate(LAYERS) if parts[1] in names), None)


def leans_on(path: Path, package: str) -> bool:
    return any(name == package or name.startswith(package + ".") for name in imported(path))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_rooms_lean_one_way(path: Path) -> None:
    forbidden = {"risk": ("training", "api"), "training": ("api",), "api": ("training",)}
    for other in forbidden[room(path)]:
        assert not leans_on(path, other), f"{path} imports {other}"


@pytest.mark.parametrize("path", [f for f in FILES if room(f) == "risk"], ids=str)
def test_layers_of_the_domain(path: Path) -> None:
    own = layer(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if own is None:
        assert path.name == "__init__.py", f"{path} belongs to no layer"
        return
    for name in imported(path):
        other = layer(name)
        assert other is None or other <= own, f"{path} imports {name}, a layer above it"


def test_only_the_registry_knows_mlflow() -> None:
    knowing = [f for f in FILES if "importlib" not in f.name and "mlflow" in _names(f)]
    assert {f.relative_to(ROOT).as_posix() for f in knowing} <= {"risk/registry.py"}


def _names(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    literal = {
        node.args[0].value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "import_module"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    return {name.split(".")[0] for name in imported(path) | literal}


def test_fastapi_stays_in_api() -> None:
    knowing = [f for f in FILES if {"fastapi", "starlette"} & _names(f)]
    assert all(room(f) == "api" for f in knowing)


def test_nothing_unpickles_while_serving() -> None:
    for path in FILES:
        if room(path) in ("risk", "api"):
            assert not {"pickle", "cloudpickle", "joblib", "dill"} & _names(path), path


def test_serving_never_imports_mlflow_or_pandas() -> None:
    for path in FILES:
        if room(path) == "api":
            assert not leans_on(path, "risk.registry"), path
            assert not {"pandas", "mlflow", "duckdb"} & _names(path), path


def test_the_service_starts_without_what_only_learning_needs() -> None:
    heavy = {"lightgbm", "sklearn", "scipy", "pandas", "mlflow", "duckdb", "matplotlib"}
    code = f"import api.app, sys; print(sorted({heavy!r} & set(sys.modules)))"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
