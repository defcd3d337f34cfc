"""Where models are kept as files, and whether that place can be used."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from risk.errors import Unavailable


def check_artifacts(recorded: str, own: Path) -> None:
    """Raise Unavailable where the folder that is recorded (a URI) is not there, although it is not
    the one of the settings (`own`), since both were moved; or where it cannot be written."""
    folder = Path(unquote(urlsplit(recorded).path))
    if folder != own.resolve() and not folder.exists():
        raise Unavailable(
            f"MLflow was moved: it records its artifacts at {folder}, which is not there. "
            f"Move them back, or link {folder} to {own.resolve()}"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Unavailable(f"MLflow's artifacts cannot be written: {error}") from error


def without_password(uri: str) -> str:
    """A URI without the user and password that may be in it.

    >>> without_password("http://ann:secret@mlflow:5000/x")
    'http://mlflow:5000/x'
    >>> without_password("sqlite:////data/mlflow.db")
    'sqlite:////data/mlflow.db'
    """
    return re.sub(r"(?<=://)[^/@]*@", "", uri)
