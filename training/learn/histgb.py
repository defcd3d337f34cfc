"""scikit-learn's histogram gradient boosting, converted to LightGBM's model text.

One format for both boosters, so both are served, explained and hashed by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

NAN_RIGHT, NAN_LEFT = 8, 10
"""LightGBM's `decision_type` of a numeric split that sends unknown values right, or left."""

MAX_FLOAT = 1.7976931348623157e308


def grow_histgb(
    matrix: np.ndarray,
    y: np.ndarray,
    weight: np.ndarray,
    monotone: Sequence[int],
    shape: Mapping[str, Any],
    rounds: int,
    seed: int,
) -> str:
    """LightGBM's model text of `rounds` trees; soft labels `y` are rounded for scikit-learn."""
    model = HistGradientBoostingClassifier(
        learning_rate=shape["learning_rate"], max_iter=rounds,
        max_leaf_nodes=shape["num_leaves"], max_features=shape["feature_fraction"],
        min_samples_leaf=int(np.clip(len(y) // 1000, 5, 50)), monotonic_cst=list(monotone),
        early_stopping=False, random_state=seed,
    )  # fmt: skip
    model.fit(_fill_empty_columns(matrix, weight), y >= 0.5, sample_weight=weight)
    base = float(np.ravel(model._baseline_prediction)[0])
    trees = [
        f"Tree={at}\n{_tree(predictor.nodes, base if at == 0 else 0.0)}"
        for at, (predictor,) in enumerate(model._predictors)
    ]
    return "\n\n\n".join([_header(matrix.shape[1]), *trees, "end of trees\n"])


def _fill_empty_columns(matrix: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The matrix with zeros in columns without any known value, which scikit-learn cannot bin."""
    blank = np.isnan(matrix[weight != 0]).all(axis=0)
    return np.where(blank, 0.0, matrix)


def _header(columns: int) -> str:
    lines = {
        "version": "v4", "num_class": 1, "num_tree_per_iteration": 1, "label_index": 0,
        "max_feature_idx": columns - 1, "objective": "cross_entropy",
        "feature_names": " ".join(f"Column_{at}" for at in range(columns)),
        "feature_infos": " ".join(["[-1e308:1e308]"] * columns),
    }  # fmt: skip
    return "tree\n" + "\n".join(f"{name}={value}" for name, value in lines.items())


def _tree(nodes: np.ndarray, base: float) -> str:
    """One tree as LightGBM's text: splits and leaves are numbered separately there, together in
    scikit-learn's `nodes`."""
    leaf = nodes["is_leaf"].astype(bool)
    place = np.where(leaf, -np.cumsum(leaf), np.cumsum(~leaf) - 1)
    splits, leaves = nodes[~leaf], nodes[leaf]
    kind = np.where(splits["missing_go_to_left"] == 1, NAN_LEFT, NAN_RIGHT)
    columns = {
        "split_feature": splits["feature_idx"],
        "split_gain": splits["gain"],
        "threshold": np.minimum(splits["num_threshold"], MAX_FLOAT),
        "decision_type": kind,
        "left_child": place[splits["left"]],
        "right_child": place[splits["right"]],
        "leaf_value": leaves["value"] + base,
        "leaf_weight": leaves["count"].astype(float),
        "leaf_count": leaves["count"],
        "internal_value": splits["value"],
        "internal_weight": splits["count"].astype(float),
        "internal_count": splits["count"],
    }
    lines = [f"num_leaves={leaf.sum()}", "num_cat=0"]
    lines += [f"{name}={' '.join(map(repr, values.tolist()))}" for name, values in columns.items()]
    return "\n".join([*lines, "is_linear=0", "shrinkage=1"])
