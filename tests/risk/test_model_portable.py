"""A registered model answers where the product is not installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest

from risk.model.portable import MODULES, PACKAGE, copy_code
from risk.model.pyfunc import frame_probabilities, synthetic_example
from risk.model.training_run import TrainingRun
from tests.deciders import bundle
from tests.shops import empty_registry

SITE = Path(np.__file__).parents[1]
LOADED = """
import sys
sys.path = [path for path in sys.path if "site-packages" not in path] + [sys.argv[1]]
import mlflow, pandas
mlflow.set_tracking_uri(sys.argv[2])
model = mlflow.pyfunc.load_model("models:/refund-risk/1")
frame = pandas.read_parquet(sys.argv[3])
answers = model.predict(frame)
print(repr([float(one) for one in answers]))
print(sorted(name for name in sys.modules if name.split(".")[0] in ("risk", "training", "api")))
"""


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("registry")
    registry = empty_registry(tmp_path_factory, folder)
    one = bundle()
    assert registry.register(registry.log_run(TrainingRun(bundle=one, twin=one))) == "1"
    return folder


def isolated(script: str, *words: str, cwd: Path) -> list[str]:
    """What a script prints that sees the libraries of this environment, but no product: without
    the finder of an editable installation, which `site` sets up (-S)."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", script, *words], cwd=cwd, capture_output=True, text=True,
        check=False, env={"PATH": "/usr/bin:/bin", "HOME": str(cwd)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_it_loads_and_predicts_without_the_product(registered: Path, tmp_path: Path) -> None:
    frame = synthetic_example(bundle())
    frame.to_parquet(tmp_path / "in.parquet")
    uri, given = f"sqlite:///{registered}/mlflow.db", str(tmp_path / "in.parquet")
    answers, product = isolated(LOADED, str(SITE), uri, given, cwd=tmp_path)
    assert product == "[]"
    wanted = frame_probabilities(bundle(), frame)
    assert answers == repr([float(one) for one in wanted])
    assert np.isfinite(wanted).all()


def test_what_is_copied_is_all_that_it_imports(tmp_path: Path) -> None:
    copy_code(tmp_path)
    script = (
        "import sys; sys.path += sys.argv[1:]; import importlib;"
        f"importlib.import_module('{PACKAGE}.model.pyfunc');"
        f"print(sorted(n for n in sys.modules if n.split('.')[0] == '{PACKAGE}'))"
    )
    (found,) = isolated(script, str(tmp_path), str(SITE), cwd=tmp_path)
    own = {f"{PACKAGE}.{name.replace('/', '.')}" for name in MODULES}
    assert found == repr(sorted(own | {PACKAGE, f"{PACKAGE}.features", f"{PACKAGE}.model"}))


def test_beside_the_product_it_hides_nothing(registered: Path) -> None:
    mlflow.set_tracking_uri(f"sqlite:///{registered}/mlflow.db")
    model = mlflow.pyfunc.load_model("models:/refund-risk/1")
    frame: pd.DataFrame = synthetic_example(bundle())
    assert np.array_equal(model.predict(frame), frame_probabilities(bundle(), frame))
    assert "risk" in sys.modules
