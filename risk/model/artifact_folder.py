"""Where models are kept as files, and whether that place can be used."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from risk.errors import Unavailable


def folder_of(uri: str) -> Path:
    """The folder that a `file:` URI names."""
    return Path(unquote(urlsplit(uri).path))


def check_artifacts(recorded: str, own: Path) -> None:
    """Raise Unavailable where the folder that is recorded (a URI) is not the one of the settings
    (`own`) since MLflow was moved, copied or restored; or where it cannot be written."""
    folder, own = folder_of(recorded), own.resolve()
    if folder != own and (not folder.exists() or _entries(folder) & _entries(own)):
        there = "where they lie too" if folder.exists() else "which is not there"
        raise Unavailable(
            f"MLflow was moved: it records its artifacts at {folder}, {there}. `refund-risk "
            f"relocate-artifacts` makes it record {own} (REFUND_RISK_ARTIFACTS)"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Unavailable(f"MLflow's artifacts cannot be written: {error}") from error


def _entries(folder: Path) -> set[str]:
    """The names of a folder's runs."""
    return {path.name for path in folder.iterdir()} - {"models"} if folder.is_dir() else set()


def without_password(uri: str) -> str:
    """A URI without the user and password that may be in it.

    >>> without_password("http://ann:secret@mlflow:5000/x")
    'http://mlflow:5000/x'
    >>> without_password("sqlite:////data/mlflow.db")
    'sqlite:////data/mlflow.db'
    """
    return re.sub(r"(?<=://)[^/@]*@", "", uri)
