"""The code that a model needs to answer where this product is not installed.

It goes with the model under a package name of its own: under the product's name it would hide the
rest of the product wherever both are there.
"""

from __future__ import annotations

from pathlib import Path

import risk

PACKAGE = "refund_risk_model"
LOADER = f"{PACKAGE}.model.pyfunc"
"""The module that MLflow loads."""

MODULES = (
    "errors", "problem_phrases", "features/word_weights", "model/bundle", "model/calibration",
    "model/contributions", "model/pyfunc", "model/trees",
)  # fmt: skip
"""All that `risk.model.pyfunc` imports of this product; packages come with them."""


TEXTS = ("problem_phrases.txt",)
"""What these modules read."""


def copy_code(to: Path) -> Path:
    """Copy these modules into a folder; answers the folder of their package."""
    source = Path(risk.__path__[0])
    for name in ("__init__", "features/__init__", "model/__init__", *MODULES):
        target = to / PACKAGE / f"{name}.py"
        target.parent.mkdir(parents=True, exist_ok=True)
        text = (source / f"{name}.py").read_text(encoding="utf-8")
        target.write_text(text.replace("from risk.", f"from {PACKAGE}."), encoding="utf-8")
    for name in TEXTS:
        (to / PACKAGE / name).write_bytes((source / name).read_bytes())
    return to / PACKAGE
