"""What every command needs: settings, the store, the champion, progress, and one-line errors."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from risk.errors import BadInput, Problem, RefundRiskError, Unavailable, first_line
from risk.evidence.file_intake import EvidenceFiles
from risk.history.connection.sqlite_file import missing_file
from risk.history.store import History
from risk.model.artifact_folder import without_password
from risk.policy import Policies, Policy
from risk.settings import Settings
from training.cli.progress_bars import progress_bars
from training.progress import Progress

if TYPE_CHECKING:
    from risk.registry import Registry

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)
SHOWN = 20
_OPTIONS = ("people", "key", "receiver", "endpoint")
"""What is made by the options of a command, which a problem need not name again."""

TRAIN = "this command needs what analysts install: pip install 'refund-risk[train]'"


def one_line_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with expected errors printed as one line on stderr and exit status 1."""

    @wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except BadInput as bad:
            for problem in bad.problems[:SHOWN]:
                err.print(f"error: {_problem_words(problem)}", style="red", markup=False)
            if len(bad.problems) > SHOWN:
                err.print(f"… and {len(bad.problems) - SHOWN} more")
            sys.exit(1)
        except (RefundRiskError, ValueError, OSError) as error:
            err.print(f"error: {_words(error)}", style="red", markup=False)
            sys.exit(1)
        except SQLAlchemyError as error:
            err.print(f"error: database: {first_line(error)}", style="red", markup=False)
            sys.exit(1)
        except MemoryError:
            err.print("error: not enough memory", style="red", markup=False)
            sys.exit(1)
        except ModuleNotFoundError as missing:
            if (missing.name or "").split(".")[0] in ("risk", "training", "api"):
                raise
            err.print(f"error: no module {missing.name}: {TRAIN}", style="red", markup=False)
            sys.exit(1)

    return run


def _problem_words(problem: Problem) -> str:
    """A problem by its option where what was wrong is one, else by where it stands in a file."""
    if problem.kind not in _OPTIONS or problem.field is None:
        return str(problem)
    found = f", got {problem.got}" if problem.got else ""
    return f"{problem.field}: expected {problem.expected}{found}"


def _words(error: Exception) -> str:
    """What is wrong; where the system refuses a file, with the whole path of it."""
    if isinstance(error, OSError) and error.strerror and isinstance(error.filename, str):
        return f"{Path(error.filename).absolute()}: {error.strerror}"
    return str(error)


@contextmanager
def store(*, new: bool = False) -> Iterator[History]:
    """The store of the settings, closed afterwards; `new` makes one where there is none.

    Raises Unavailable, in one line, where its URL names none that can be opened.
    """
    settings = Settings.from_env()
    if not new and (missing := missing_file(settings.database_url)):
        raise Unavailable(
            f"there is no store at {missing}: REFUND_RISK_DATABASE_URL says where it is; "
            "`refund-risk import` or `refund-risk serve` makes one"
        )
    try:
        history = History.open(settings.database_url, settings.secret, settings.replica_url)
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        what = first_line(error) if isinstance(error, SQLAlchemyError) else str(error)
        named = f"REFUND_RISK_DATABASE_URL ({without_password(settings.database_url)})"
        raise Unavailable(f"the store of {named} cannot be opened: {what}") from error
    try:
        yield history
    finally:
        history.close()


@contextmanager
def evidence_files(history: History) -> Iterator[EvidenceFiles]:
    """Takes in files of evidence, kept where the settings say."""
    files = EvidenceFiles.open(history, Settings.from_env())
    try:
        yield files
    finally:
        files.close()


def registry() -> Registry:
    """MLflow as the settings name it; an embedded one keeps its files beside its database."""
    from risk.registry import Registry

    settings = Settings.from_env()
    embedded = settings.tracking_uri.startswith("sqlite:")
    if embedded:
        settings.artifacts.mkdir(parents=True, exist_ok=True)
    artifacts = settings.artifacts if embedded else None
    return Registry(settings.tracking_uri, artifacts, datasets=settings.datasets)


def checked_registry() -> Registry:
    """The registry, once it is known that it can be read and written. Raises Unavailable."""
    found = registry()
    found.check()
    return found


def moment_of(as_of: str | None) -> int | None:
    """The moment (ms) that `--as-of` names; None without. Raises BadInput for anything else."""
    from risk.facts.parse import parse_time

    try:
        return parse_time(as_of) if as_of else None
    except ValueError as error:
        raise BadInput([Problem("--as-of", None, None, str(error))]) from error


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows below their heads, columns as wide as they need."""
    lines = [head, *rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        out.print("  ".join(cells).rstrip(), markup=False)


def print_notes(notes: Sequence[str]) -> None:
    """Print what should be looked at, on stderr."""
    for note in notes:
        err.print(f"note: {note}", markup=False)


def print_lines(*lines: str) -> None:
    """Print a result, line by line."""
    for line in lines:
        out.print(line, markup=False)


def policies() -> Policies:
    """The policies of the settings, or the product's own."""
    return Policies.load(Settings.from_env().policy)


def policy() -> Policy:
    """The policy of merchants without one of their own."""
    return policies().general


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """A bar for each thing that is done, on stderr; see `progress_bars`."""
    with progress_bars(title, err) as tell:
        yield tell
