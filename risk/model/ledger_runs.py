"""The ledger of promotions as runs in MLflow, found from the version they are about; MLflow itself
is not imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from risk.facts.format import iso
from risk.model.training_run import LONGEST_DESCRIPTION, LedgerEntry

VERDICT = "verdict.json"


def log_entry(
    mlflow: Any, client: Any, model: str, entry: LedgerEntry, verdict: Mapping[str, Any]
) -> None:
    """Log a line of the ledger as a run, with the gate's whole verdict as a file; let its version
    name it. A version that was deleted in MLflow's pages names nothing."""
    when, told = f"{iso(entry.at)[:16].replace('T', ' ')} UTC", _told(entry)
    with mlflow.start_run(run_name=f"{told}, {when}") as run:
        mlflow.set_tags(
            {
                "time": iso(entry.at), "at": str(entry.at), "action": entry.action,
                "version": entry.version, "previous": entry.previous, "why": entry.why,
                "mlflow.note.content": f"{told}, {when}\n\n{entry.why}",
            }
        )  # fmt: skip
        mlflow.log_text(orjson.dumps(verdict, option=orjson.OPT_INDENT_2).decode(), VERDICT)
    try:
        link = f"#/experiments/{run.info.experiment_id}/runs/{run.info.run_id}"
        _name_in_version(client, model, entry.version, when, f"[{told}, {when}]({link})")
    except mlflow.exceptions.MlflowException:
        return


def _told(entry: LedgerEntry) -> str:
    was = f" after version {entry.previous}" if entry.previous not in ("", entry.version) else ""
    return f"{entry.action} version {entry.version}{was}"


def _name_in_version(client: Any, model: str, version: str, when: str, line: str) -> None:
    """Add a line of the ledger to a version: as a tag, and as a link above its description."""
    client.set_model_version_tag(model, version, f"ledger {when}", line)
    before = client.get_model_version(model, version).description or ""
    client.update_model_version(model, version, f"{line}\n\n{before}"[:LONGEST_DESCRIPTION])
