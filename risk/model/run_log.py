"""What a run in MLflow is filled with; MLflow itself is not imported."""

from __future__ import annotations

import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from risk.model.portable import LOADER, copy_code
from risk.model.pyfunc import signature_of, synthetic_example
from risk.model.training_run import TrainingRun

DATASET_DIGEST = 36
"""Characters that MLflow keeps of a dataset's digest."""

TRIAL = (
    "One shape of trees that was tried. `log_loss` is its mean on later requests that these trees "
    "had not seen: lower is better. Another than the first is taken where it is better every time."
)

REQUIREMENTS = ("lightgbm", "numpy", "orjson", "pandas")
"""What the model's own code imports; a registered model names the versions it was trained with."""


def begun_run(mlflow: Any, client: Any, experiment: str, training: TrainingRun) -> str:
    """A new run, begun when the training began; returns its id."""
    where = mlflow.get_experiment_by_name(experiment).experiment_id
    begun = client.create_run(
        where, start_time=training.started_at or None, run_name=training.name or None
    )
    return str(begun.info.run_id)


def log_training(mlflow: Any, training: TrainingRun) -> None:
    """Log everything of a training to the active run."""
    mlflow.log_params(dict(training.params))
    digests = {"digest": training.bundle.digest, "twin_digest": training.twin.digest}
    mlflow.set_tags({**digests, **training.tags, "mlflow.note.content": training.description})
    if data := training.tags.get("data"):
        mlflow.log_input(_dataset(mlflow, data, training.name), context="training")
    for name, text in training.texts.items():
        mlflow.log_text(text, name)
    with tempfile.TemporaryDirectory() as made:
        _log_files(mlflow, training, Path(made))
    mlflow.log_metrics(dict(training.metrics))
    for name, settings, loss in training.trials:
        with mlflow.start_run(run_name=name, nested=True, description=TRIAL):
            mlflow.log_params(dict(settings))
            mlflow.log_metric("log_loss", loss)


def _dataset(mlflow: Any, digest: str, name: str) -> Any:
    """The training set as MLflow names one: its rows stay in the store."""
    made_by = {"made_by": "refund-risk train"}
    source = mlflow.data.code_dataset_source.CodeDatasetSource(tags=made_by)
    return mlflow.data.meta_dataset.MetaDataset(
        source, name=name or "training set", digest=digest[:DATASET_DIGEST]
    )


def versions_told(client: Any, model: str) -> str:
    """Which versions of a model there are, or how to make the first, in words."""
    found = client.search_model_versions(f"name = '{model}'")
    numbers = sorted(int(one.version) for one in found)
    if not numbers:
        return "`refund-risk train` makes the first version"
    named = ", ".join(map(str, numbers[-5:]))
    return f"versions are {named} (`refund-risk train` makes another)"


def discard_run(mlflow: Any, client: Any, run_id: str) -> None:
    """Delete a run with its nested runs and its model; `mlflow gc` deletes their files."""
    where = [mlflow.get_run(run_id).info.experiment_id]
    for model in mlflow.search_logged_models(
        where, filter_string=f"source_run_id = '{run_id}'", output_format="list"
    ):
        client.delete_logged_model(model.model_id)
    nested = client.search_runs(where, f"tags.mlflow.parentRunId = '{run_id}'")
    for one in (*(run.info.run_id for run in nested), run_id):
        client.delete_run(one)


def _log_files(mlflow: Any, training: TrainingRun, folder: Path) -> None:
    for name, plot in training.plots.items():
        plot.savefig(folder / name)
        mlflow.log_artifact(folder / name, "plots")
    twin = training.twin.save(folder / "twin")
    mlflow.log_artifact(twin, "twin")
    training.bundle.save(folder / "bundle")
    mlflow.pyfunc.log_model(
        name="model",
        loader_module=LOADER,
        code_paths=[str(copy_code(folder / "code"))],
        data_path=str(folder / "bundle"),
        signature=signature_of(mlflow, training.bundle),
        input_example=synthetic_example(training.bundle),
        pip_requirements=[f"{name}=={version(name)}" for name in REQUIREMENTS],
    )
