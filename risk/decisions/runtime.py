"""What a decision was computed with."""

from __future__ import annotations

import platform
from functools import lru_cache
from importlib.metadata import version

import numpy as np
import orjson
import sqlalchemy as sa

from risk.features.spec import ENGINE_VERSION
from risk.model import CONTRIBUTIONS_VERSION


@lru_cache(maxsize=1)
def runtime() -> str:
    """What a decision was computed with, as far as a replay can depend on it."""
    versions = {
        "engine": ENGINE_VERSION,
        "contributions": CONTRIBUTIONS_VERSION,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "numpy": np.__version__,
        "lightgbm": version("lightgbm"),
        "sqlalchemy": sa.__version__,
    }
    return orjson.dumps(versions).decode()
