"""pyproject.toml declares what the code imports, no less and no more; the locks are whole."""

from __future__ import annotations

import ast
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, distributions, requires
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
ROOMS = ("risk", "training", "api")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]

UNIMPORTED = {
    "lightgbm": "its C library is opened by path",
    "psycopg": "SQLAlchemy imports it for a PostgreSQL URL",
    "python-multipart": "Starlette imports it to read forms with files",
    "tzdata": "zoneinfo reads it where the system has no zone database",
}
TOOLS = {"ipykernel", "jupyterlab", "mypy", "pandas-stubs", "pytest-xdist", "ruff"}
"""What the tests run or load by name."""

LEFT_OUT = {"scipy", "narwhals"}
"""Requirements of LightGBM's Python package that `serve.lock` leaves out: it is not imported."""


def declared(*extras: str) -> set[str]:
    named = [*PROJECT["dependencies"], *(line for extra in extras for line in EXTRAS[extra])]
    return {canonicalize_name(Requirement(line).name) for line in named}


def files(*rooms: str) -> list[Path]:
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


@cache
def imported(path: Path, deep: bool = True) -> frozenset[str]:
    """Modules a file imports, also by name; with `deep` off, only when it is itself imported."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(name for node in _nodes(tree, deep) for name in _names(node))


def _nodes(node: ast.AST, deep: bool) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        if deep or not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _nodes(child, deep)


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        return [str(node.args[0].value)] if called in ("import_module", "find_spec") else []
    return []


@cache
def owners() -> dict[str, set[str]]:
    """The distributions that each installed Python file belongs to, by its path."""
    found: dict[str, set[str]] = {}
    for distribution in distributions():
        name, folder = (
            canonicalize_name(distribution.metadata["Name"]),
            str(distribution.locate_file("")),
        )
        for line in (distribution.read_text("RECORD") or "").splitlines():
            file = line.partition(",")[0]
            if file.endswith((".py", ".so")):
                found.setdefault(os.path.join(folder, file), set()).add(name)
    return found


@cache
def providers(module: str) -> frozenset[str]:
    """The distributions that provide a third-party module; none for ours and Python's own."""
    top, *rest = module.split(".")
    if top in {*sys.stdlib_module_names, *ROOMS}:
        return frozenset()
    spec = find_spec(top)
    if spec is None:  # not installed here: by its name
        return frozenset({canonicalize_name(top)})
    if spec.origin:
        return frozenset(owners().get(spec.origin, ()))
    for length in range(len(rest), 0, -1):  # a namespace that several distributions share
        for folder in map(Path, spec.submodule_search_locations or ()):
            base = folder.joinpath(*rest[:length])
            for file in (base.with_suffix(".py"), base / "__init__.py"):
                if str(file) in owners():
                    return frozenset(owners()[str(file)])
    return frozenset()


def used(paths: Iterable[Path], known: set[str], deep: bool = True) -> set[str]:
    """The distributions imported; of several that provide one module, the `known` ones."""
    found: set[str] = set()
    for module in {name for path in paths for name in imported(path, deep)}:
        offered = providers(module)
        found |= (offered & known) or offered
    return found


def closure(starts: Iterable[Path], deep: bool) -> set[Path]:
    """The files of ours that importing these leads to."""
    reached: set[Path] = set()
    waiting = list(starts)
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += [own for name in imported(path, deep) if (own := _file(name))]
    return reached


def _file(module: str) -> Path | None:
    parts = module.split(".")
    if parts[0] not in ROOMS:
        return None
    for length in range(len(parts), 0, -1):
        base = ROOT.joinpath(*parts[:length])
        for candidate in (base.with_suffix(".py"), base / "__init__.py"):
            if candidate.exists():
                return candidate
    return None


def test_what_the_product_imports_is_declared_and_no_more() -> None:
    known = declared("train", "postgres", "s3", "spark")
    assert used(files(*ROOMS), known) <= known
    assert known <= used(files(*ROOMS), known) | set(UNIMPORTED)


GENERATED = {"generated", "openapi-client"}
"""Clients of the API that a test generates, and runs in environments of their own."""


def test_what_the_tests_import_is_declared_and_no_more() -> None:
    helpers = {canonicalize_name(path.stem) for path in (ROOT / "tests").rglob("*")} | GENERATED
    known = declared(*EXTRAS)
    assert used(files("tests"), known) - helpers <= known
    assert known <= used(files("tests", *ROOMS), known) | TOOLS | set(UNIMPORTED)


def test_serving_needs_the_base_alone_and_all_of_it() -> None:
    base = declared()
    run = ("api/__main__.py", "api/app.py", "risk/evidence/reading/__init__.py")
    service = used(closure([ROOT / path for path in run], deep=True), base)
    commands = used(closure([ROOT / "training/cli/__init__.py"], deep=False), base, deep=False)
    assert service | commands <= base
    assert base <= service | commands | set(UNIMPORTED)


def locked(name: str) -> dict[str, set[str]]:
    """The distributions of a lock with their versions (several where markers choose)."""
    found: dict[str, set[str]] = {}
    text = (ROOT / f"requirements/{name}.lock").read_text(encoding="utf-8")
    for line in re.findall(r"^(\S+)==(\S+)", text, re.MULTILINE):
        found.setdefault(canonicalize_name(line[0]), set()).add(line[1])
    return found


@pytest.mark.parametrize(
    ("name", "extras", "left_out"),
    [
        ("serve", ["postgres", "s3"], LEFT_OUT),
        ("runtime", ["postgres", "s3", "train"], set()),
        ("test", ["postgres", "s3", "train", "test", "browser"], set()),
        ("notebooks", ["postgres", "s3", "train", "notebooks"], set()),
        ("engines", [extra for extra in EXTRAS if extra != "notebooks"], set()),
    ],
)
def test_a_lock_holds_all_that_is_needed(name: str, extras: list[str], left_out: set[str]) -> None:
    """Installing takes what the lock names and nothing else, so nothing may be missing in it."""
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in EXTRAS[extra])]
    waiting, needed = [Requirement(line) for line in lines], {"setuptools"}
    seen: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        needed.add(canonicalize_name(requirement.name))
        waiting += list(_required(requirement))
    assert needed - left_out <= set(locked(name))


def _required(requirement: Requirement) -> Iterator[Requirement]:
    try:
        lines = requires(requirement.name) or ()
    except PackageNotFoundError:  # an engine that this environment does without
        return
    for line in lines:
        found = Requirement(line)
        chosen = [{"extra": extra} for extra in (requirement.extras or [""])]
        if found.marker is None or any(found.marker.evaluate(extra) for extra in chosen):
            yield found


def test_locks_agree_and_name_no_address() -> None:
    widest = locked("engines")
    for name in ("serve", "runtime", "test"):
        assert all(widest[found] == versions for found, versions in locked(name).items())
    beside = locked("notebooks")
    assert all(widest[found] == beside[found] for found in beside.keys() & widest.keys())
    for name in ("serve", "runtime", "test", "engines", "notebooks"):
        assert "://" not in (ROOT / f"requirements/{name}.lock").read_text(encoding="utf-8")


def test_a_host_that_serves_installs_nothing_heavy() -> None:
    heavy = {"mlflow", "pandas", "matplotlib", "scikit-learn", "scipy", "duckdb", "pyarrow"}
    assert not heavy & set(locked("serve"))
