"""The bundle as an MLflow python_function model; MLflow itself is not imported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from risk.errors import ModelRefused
from risk.features.word_weights import FEATURE, WORDS
from risk.model import Bundle


def synthetic_example(bundle: Bundle) -> pd.DataFrame:
    """A synthetic frame of float64 features, some NaN, and the lane: nobody's data."""
    values = np.tile(np.array([[0.0], [1.0], [np.nan]]), (1, len(bundle.features)))
    frame = pd.DataFrame(values, columns=list(bundle.features))
    return frame.assign(lane=["standard", "no_reason", "standard"])


def frame_rows(bundle: Bundle, frame: pd.DataFrame) -> NDArray[np.float64]:
    """The rows (n, n_features) of a frame as the bundle reads them: where the frame has the words
    of texts, by the bundle's own weights."""
    rows = frame.reindex(columns=list(bundle.features)).to_numpy(dtype=np.float64)
    if bundle.words is not None and WORDS in frame:
        rows = rows.copy()
        rows[:, list(bundle.features).index(FEATURE)] = bundle.words.values(frame[WORDS].tolist())
    return rows


def frame_probabilities(bundle: Bundle, frame: pd.DataFrame) -> NDArray[np.float64]:
    """Probabilities (n,) of the rows of a frame, each by the model of its `lane` (`standard`).

    A feature without a column is unknown.
    """
    rows = frame_rows(bundle, frame)
    lanes = frame["lane"].to_numpy() if "lane" in frame else np.full(len(frame), "standard")
    found = np.full(len(frame), np.nan)
    for lane in bundle.lanes:
        found[lanes == lane] = bundle.probabilities(rows[lanes == lane], lane)
    return found


def probabilities_by_lane(bundle: Bundle, frame: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Probabilities (n,) of all rows of a frame by the model of each lane."""
    rows = frame_rows(bundle, frame)
    return {lane: bundle.probabilities(rows, lane) for lane in bundle.lanes}


class PyfuncModel:
    """MLflow's python_function interface: a frame of features in, probabilities out."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle

    def predict(self, frame: pd.DataFrame) -> NDArray[np.float64]:
        """Probabilities (n,) of a frame with the feature columns and, optional, `lane`.

        Raises ModelRefused for a missing feature column.
        """
        missing = [name for name in self.bundle.features if name not in frame]
        if missing:
            raise ModelRefused(f"the frame lacks columns: {', '.join(missing)}")
        return frame_probabilities(self.bundle, frame)


def _load_pyfunc(path: str) -> PyfuncModel:
    """What MLflow calls to load a model logged here; `path` is the bundle's folder."""
    return PyfuncModel(Bundle.load(Path(path)))


def signature_of(mlflow: Any, bundle: Bundle) -> Any:
    """The signature of a bundle as a model of the module `mlflow`: a float64 column a feature and,
    optional, the lane; float64 probabilities out."""
    schema, column = mlflow.types.Schema, mlflow.types.ColSpec
    inputs = [column("double", name) for name in bundle.features]
    inputs.append(column("string", "lane", required=False))
    out = mlflow.types.TensorSpec(np.dtype("float64"), (-1,))
    return mlflow.models.ModelSignature(schema(inputs), schema([out]))
