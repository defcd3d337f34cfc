"""The images outside a container; the analysts' own lock is examined by `make examine`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.engines.composed import (
    ROOT,
    SECRET,
    SERVICES,
    STEPS,
    Place,
    check_composed,
    empty_database,
    installed,
)

pytestmark = pytest.mark.engines
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed("serve", tmp_path_factory.mktemp("image") / "serve")


def test_every_step_of_the_image_is_a_script_that_is_run_here() -> None:
    assert re.findall(r"^RUN (.*)$", DOCKERFILE, re.MULTILINE) == STEPS
    assert {service["build"]["args"]["LOCK"] for service in SERVICES.values()
            if "build" in service} == {"serve", "runtime"}  # fmt: skip


def test_a_serving_host_has_nothing_of_the_analysts(serving: Path, tmp_path: Path) -> None:
    place = Place(serving, {"REFUND_RISK_SECRET": SECRET}, tmp_path)
    heavy = ("mlflow", "pandas", "matplotlib", "sklearn", "scipy", "duckdb", "pyarrow")
    code = f"import importlib.util as u; print([m for m in {heavy!r} if u.find_spec(m)])"
    assert place.run("python", "-c", code).stdout.strip() == "[]"
    (tmp_path / "data").mkdir()
    refused = place.run("refund-risk", "train")
    assert refused.returncode == 1
    assert "refund-risk[train]" in refused.stderr
    assert "Traceback" not in refused.stderr
    created = place.run("refund-risk", "keys", "create", "till", "--scope", "score")
    assert created.returncode == 0, created.stderr


def test_the_composed_services_decide(serving: Path, postgresql_url: str, tmp_path: Path) -> None:
    """A serving host of its lock beside analysts in the environment of these tests."""
    check_composed(serving, Path(sys.prefix), empty_database(postgresql_url), tmp_path)
