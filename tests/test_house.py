"""The rooms of the house and the one direction in which they may lean on one another."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.slow_files import SLOW

ROOT = Path(__file__).parent.parent
FILES = sorted(path for room in ("risk", "training", "api") for path in (ROOT / room).rglob("*.py"))

LAYERS = (
    {"errors", "problem_phrases", "settings", "facts", "spans", "linked_file"},
    {"identity", "text", "findings", "features"},
    {"history", "model", "policy", "explain", "registry", "served"},
    {"decisions"},
    {"access", "cases", "evidence", "privacy", "webhooks"},
)
"""Inside `risk`: a module may import from its own layer and from those above it in this list."""

LONGEST_FILE = 250
LONGEST_FUNCTION = 50

SQL = re.compile(r"\b(SELECT|FROM|JOIN|INSERT INTO|UPDATE|DELETE FROM|CREATE|PRAGMA)\s+[\w({*…]")
BUILDERS = {"select", "insert", "update", "delete", "text", "func", "exists", "Table"}
STORAGE = ("risk/features/", "risk/history/", "risk/access/", "risk/webhooks/", "risk/privacy/")
"""Rooms whose subject is what is stored. Elsewhere SQL stands in `…rows.py` and `…tables.py`."""
STORAGE_FILES = {
    "risk/findings.py",  # which finding stands, once as a function and once as SQL
    "risk/decisions/log.py",
    "risk/decisions/challenger_answers.py",
    "training/cases/dataset.py",  # the training set, in the offline engine
    "training/cases/labels.py",
    "training/check/backtest.py",
    "training/demo/first_look.py",
    "training/spark_features.py",
    "training/spark_scores.py",
}

BY_SUBJECT = ("api/routes", "api/schemas", "training/cli", "risk/features/catalog")
"""Rooms that name a file by the subject that another room is about: its calls, its commands."""
REPEATED = {"schema"}
"""The tables of the store, and the sections of a policy; no other name may join them."""


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> frozenset[str]:
    """Every absolute module a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
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


def test_what_types_may_ignore_has_a_reason() -> None:
    ignoring = re.compile(r"#\s*type:\s*ignore(?!\[[\w,-]+\]  # \w)")
    every = [*FILES, *(ROOT / "tests").rglob("*.py")]
    assert [f for f in every if ignoring.search(f.read_text("utf-8"))] == []


def test_tests_import_by_whole_names() -> None:
    """They change no path of modules, so that each name is one module, for mypy too."""
    allowed = {"test_house.py", "test_model_portable.py"}  # the second runs a script without us
    changing = re.compile(r"\bsys\.path\b")
    every = [f for f in (ROOT / "tests").rglob("*.py") if f.name not in allowed]
    assert [f for f in every if changing.search(f.read_text("utf-8"))] == []


def test_only_the_registry_knows_mlflow() -> None:
    knowing = [f for f in FILES if "importlib" not in f.name and "mlflow" in _names(f)]
    assert {f.relative_to(ROOT).as_posix() for f in knowing} <= {"risk/registry.py"}


def _names(path: Path) -> set[str]:
    literal = {
        node.args[0].value
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "import_module"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
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


def package(module: str) -> str:
    """The room a module lies in: the first two parts of its name."""
    return ".".join(module.split(".")[:2])


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def circles(arrows: dict[str, set[str]]) -> set[frozenset[str]]:
    """Every largest set of rooms that all lead to one another."""

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        waiting = [start]
        while waiting:
            for following in arrows.get(waiting.pop(), set()) - found:
                found.add(following)
                waiting.append(following)
        return found

    lead_to = {start: reached(start) for start in arrows}
    return {
        frozenset(other for other in lead_to[start] if start in lead_to.get(other, ()))
        for start in arrows
        if start in lead_to[start]
    }


def test_no_room_leads_back_to_itself() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}}) == {frozenset("abc")}
    modules = {module_of(path) for path in FILES}
    arrows: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        own = package(module_of(path))
        arrows[own] |= {package(name) for name in imported(path) & modules} - {own}
    assert circles(arrows) == set()


def sql_in(path: Path) -> Iterator[int]:
    """The lines of a file that hold SQL: as text, or built by SQLAlchemy."""
    tree = parsed(path)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [p.value if isinstance(p, ast.Constant) else "…" for p in node.values]
            if SQL.search("".join(map(str, parts))):
                yield node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in prose and SQL.search(node.value):
                yield node.lineno
        elif isinstance(node, ast.Attribute) and node.attr in BUILDERS and _is_sa(node.value):
            yield node.lineno


def _is_sa(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "sa"


def test_sql_stands_where_things_are_stored() -> None:
    for path in FILES:
        name = path.relative_to(ROOT).as_posix()
        allowed = name.startswith(STORAGE) or path.stem.endswith(("rows", "tables"))
        if not allowed and name not in STORAGE_FILES:
            assert not list(sql_in(path)), f"{name} holds SQL"


def repeated_names() -> dict[str, list[str]]:
    rooms: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        folder = path.relative_to(ROOT).parent.as_posix()
        if not path.stem.startswith("_") and not folder.startswith(BY_SUBJECT):
            rooms[path.stem].append(folder)
    return {name: found for name, found in rooms.items() if len(found) > 1}


def test_no_two_rooms_hold_a_file_of_one_name() -> None:
    assert set(repeated_names()) <= REPEATED, repeated_names()


def test_no_two_classes_have_one_name() -> None:
    """A schema of the API may bear the name of what it represents: it is the published one."""
    defined: dict[str, list[Path]] = defaultdict(list)
    for path in FILES:
        if "api/schemas" not in path.as_posix():
            for node in parsed(path).body:
                if isinstance(node, ast.ClassDef):
                    defined[node.name].append(path.relative_to(ROOT))
    assert {name: paths for name, paths in defined.items() if len(paths) > 1} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_are_short(path: Path) -> None:
    if "migrations" in path.parts:
        return
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_FILE
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


def test_marked_tests_are_where_make_looks_for_them() -> None:
    """`make test-engines` and `make test-browser` read these folders alone."""
    rooms = {"engines": {"engines", "bench"}, "browser": {"browser"}}
    for path in (ROOT / "tests").rglob("test_*.py"):
        for mark in re.findall(
            r"^(?:pytestmark = |@)pytest\.mark\.(\w+)", path.read_text("utf-8"), re.M
        ):
            assert mark not in rooms or path.parent.name in rooms[mark], path
    assert all((ROOT / "tests" / name).exists() for name in SLOW)
