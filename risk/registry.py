"""Model registry on MLflow: runs, versions, aliases, and the ledger of promotions.

The only file that imports MLflow, and only when it is first needed: that takes seconds. Serving
never imports this: workers read the bundle that a promotion published into the store.
"""

from __future__ import annotations

import importlib
import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from risk.errors import ModelRefused, NotFound, Unavailable
from risk.model import Bundle
from risk.model.artifact_folder import check_artifacts, folder_of, without_password
from risk.model.artifact_rows import rewrite_places
from risk.model.artifact_sizes import check_size
from risk.model.ledger_runs import log_entry
from risk.model.run_log import begun_run, discard_run, log_training, versions_told
from risk.model.training_run import LedgerEntry, TrainingRun

NAME = "refund-risk"
CHAMPION, CHALLENGER = "champion", "challenger"
LEDGER = f"{NAME}-ledger"
KIND = {"mlflow.experimentKind": "custom_model_development"}
"""What MLflow's pages open an experiment as: runs with metrics, not traces of prompts."""
ABOUT = (
    "Probability that a refund request is fraud or abuse. A version's description is its model "
    "card, with the lines of the ledger of promotions that are about it. What decides is said by "
    "the store: `refund-risk promote` moves both."
)
DIGESTS = ("digest", "twin_digest")
"""The tags of a version that say which bundle serves and which one the gate judges."""


@dataclass(frozen=True)
class Registry:
    """The registry in MLflow at `uri`; `artifacts` is for an embedded one (None: a server).
    Training sets are cached in `datasets` (None: nowhere)."""

    uri: str
    artifacts: Path | None = None
    name: str = NAME
    datasets: Path | None = None

    @contextmanager
    def _mlflow(self, experiment: str | None = None) -> Iterator[Any]:
        """MLflow set to `uri`, without its warnings, and with the experiment created if missing.

        Raises Unavailable, in one line, for any error of MLflow, its database, disk or network.
        """
        mlflow = _import()
        try:
            self._point(mlflow, experiment or self.name)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield mlflow
        except (mlflow.exceptions.MlflowException, SQLAlchemyError, OSError) as cause:
            what = next(iter(str(cause).splitlines()), "").replace(
                self.uri, without_password(self.uri)
            )
            raise Unavailable(f"MLflow at {without_password(self.uri)}: {what}") from cause

    def _point(self, mlflow: Any, wanted: str) -> None:
        logging.getLogger("mlflow").setLevel(logging.ERROR)
        logging.getLogger("alembic").setLevel(logging.ERROR)
        mlflow.set_tracking_uri(self.uri)
        mlflow.set_registry_uri(self.uri)
        if mlflow.get_experiment_by_name(wanted) is None:
            where = (self.artifacts / wanted).resolve().as_uri() if self.artifacts else None
            mlflow.create_experiment(wanted, artifact_location=where, tags=KIND)
        mlflow.set_experiment(wanted)

    def _client(self) -> Any:
        return _import().MlflowClient(self.uri, self.uri)

    def check(self) -> None:
        """Raise Unavailable where nothing can be registered: MLflow is away or of another release,
        the folder of its artifacts was moved, or cannot be written."""
        with self._mlflow() as mlflow:
            recorded = mlflow.get_experiment_by_name(self.name).artifact_location
        if self.artifacts is not None:
            check_artifacts(recorded, self.artifacts / self.name)

    def relocate_artifacts(self) -> int:
        """Let MLflow record its artifacts in `artifacts`, after both were moved, copied or
        restored; returns how many places changed.

        Raises Unavailable for a server's, which records them itself, and where they are not there.
        """
        if self.artifacts is None:
            raise Unavailable("a server of MLflow keeps its artifacts itself")
        own = self.artifacts.resolve()
        with self._mlflow() as mlflow:
            recorded = mlflow.get_experiment_by_name(self.name).artifact_location
            if not (own / self.name).is_dir():
                raise Unavailable(f"{own} holds no artifacts of {self.name}: move them there first")
            old = folder_of(recorded).parent.as_uri()
            return rewrite_places(self.uri, old, own.as_uri()) if own.as_uri() != old else 0

    def log_run(self, training: TrainingRun) -> str:
        """Log a training as a run, its search as nested runs; returns the run's id.

        Where that fails or is interrupted, what was logged is deleted.
        """
        with self._mlflow() as mlflow:
            run_id = ""
            try:
                run_id = begun_run(mlflow, self._client(), self.name, training)
                with mlflow.start_run(run_id=run_id):
                    log_training(mlflow, training)
            except BaseException:
                if run_id:
                    discard_run(mlflow, self._client(), run_id)
                raise
            return run_id

    def register(self, run_id: str, description: str = "") -> str:
        """Register the run's model as a new version; returns the version."""
        with self._mlflow() as mlflow:
            client, run = self._client(), mlflow.get_run(run_id)
            model_id = run.outputs.model_outputs[0].model_id
            if not client.search_registered_models(f"name = '{self.name}'"):
                client.create_registered_model(self.name, description=ABOUT)
            made = client.create_model_version(
                self.name,
                source=f"models:/{model_id}",
                run_id=run_id,
                model_id=model_id,
                tags={"run_id": run_id} | {name: run.data.tags[name] for name in DIGESTS},
                description=description,
            )
            return str(made.version)

    def version_of(self, alias_or_version: str) -> str:
        """The version an alias points to, or the version itself. Raises NotFound."""
        with self._mlflow() as mlflow:
            client = self._client()
            try:
                if alias_or_version.isdigit():
                    return str(client.get_model_version(self.name, alias_or_version).version)
                return str(client.get_model_version_by_alias(self.name, alias_or_version).version)
            except mlflow.exceptions.MlflowException as cause:
                there = versions_told(client, self.name)
                wanted = f"no model {self.name}@{alias_or_version} is registered"
                raise NotFound(f"{wanted}; {there}") from cause

    def version_of_digest(self, digest: str) -> str:
        """The newest version whose bundle has a digest; empty where there is none."""
        with self._mlflow():
            found = self._client().search_model_versions(f"name = '{self.name}'")
        same = (int(one.version) for one in found if one.tags.get("digest") == digest)
        return str(max(same, default=""))

    def set_alias(self, alias: str, version: str) -> None:
        """Point `alias` to `version`."""
        with self._mlflow():
            self._client().set_registered_model_alias(self.name, alias, version)

    def drop_alias(self, alias: str) -> None:
        """Delete `alias`."""
        with self._mlflow():
            self._client().delete_registered_model_alias(self.name, alias)

    def run_of(self, alias_or_version: str) -> str:
        """The id of the run that made a version."""
        version = self.version_of(alias_or_version)
        found = self._client().get_model_version(self.name, version)
        run_id = found.tags.get("run_id") or found.run_id
        if not run_id:
            raise NotFound(f"version {version} of {self.name} names no run that made it")
        return str(run_id)

    def log_metrics(self, alias_or_version: str, metrics: Mapping[str, float]) -> None:
        """Log a later evaluation of a version as a run of its own."""
        version = self.version_of(alias_or_version)
        with self._mlflow() as mlflow, mlflow.start_run(run_name=f"evaluate version {version}"):
            mlflow.set_tags({"version": version})
            mlflow.log_metrics(dict(metrics))

    def bundle_of(self, alias_or_version: str, to: Path) -> Path:
        """Fetch the bundle of a version into `to`; returns the folder that holds it.

        Raises ModelRefused where it is not the one that was registered.
        """
        version = self.version_of(alias_or_version)
        with self._mlflow() as mlflow:
            place = f"models:/{self.name}/{version}"
            check_size(mlflow.artifacts.list_artifacts, place)
            fetched = mlflow.artifacts.download_artifacts(place, dst_path=str(to))
        found = next(Path(fetched).rglob("bundle.json"), None)
        if found is None:
            raise NotFound(f"version {version} of {self.name} holds no bundle of this product")
        return self._as_registered(found.parent, version)

    def twin_of(self, alias_or_version: str, to: Path) -> Path:
        """Fetch the twin of a version into `to`; returns the folder that holds it.

        Raises ModelRefused where it is not the one of the training that was registered.
        """
        version = self.version_of(alias_or_version)
        run_id = self.run_of(version)
        with self._mlflow() as mlflow:
            check_size(mlflow.artifacts.list_artifacts, f"runs:/{run_id}", "twin")
            fetched = mlflow.artifacts.download_artifacts(f"runs:/{run_id}/twin", dst_path=str(to))
        return self._as_registered(Path(fetched), version, "twin_digest")

    def _as_registered(self, folder: Path, version: str, tag: str = "digest") -> Path:
        """The folder, once its bundle has the digest that the version's tag says. Versions of
        earlier releases have no tag for the twin."""
        registered = self._client().get_model_version(self.name, version).tags.get(tag)
        digest = Bundle.load(folder).digest
        if registered not in (None, digest):
            raise ModelRefused(
                f"version {version} of {self.name} was changed in the artifact store: "
                f"{tag} {digest[:12]}, registered {registered[:12]}"
            )
        return folder

    def add_to_ledger(self, entry: LedgerEntry, verdict: Mapping[str, Any]) -> None:
        """Add a line to the promotion ledger, with the gate's whole verdict as a file."""
        with self._mlflow(LEDGER) as mlflow:
            log_entry(mlflow, self._client(), self.name, entry, verdict)

    def ledger(self) -> list[LedgerEntry]:
        """Every promotion and rollback, oldest first."""
        with self._mlflow(LEDGER) as mlflow:
            runs = mlflow.search_runs(experiment_names=[LEDGER], output_format="list")
        kept = [run.data.tags for run in runs if "at" in run.data.tags]
        return [
            LedgerEntry(int(t["at"]), t["action"], t["version"], t["previous"], t["why"])
            for t in sorted(kept, key=lambda tags: int(tags["at"]))
        ]


def _import() -> Any:
    """MLflow, imported now; it prints nothing, and tries a server that is away for seconds."""
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    return importlib.import_module("mlflow")
