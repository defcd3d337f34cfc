"""A bundle without the features that none of its trees reads: the same scores and contributions.

What is not in the bundle is not read for a decision either. LightGBM numbers a tree's columns, so
its text is written for those that are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from risk.explain.feature_reason import read_beside
from risk.features.catalog import catalogue
from risk.features.word_weights import FEATURE
from risk.model import Bundle, Lane
from risk.model.contributions import trees_of
from training.learn.boost import on_columns

_BY_COLUMN = ("feature_names", "monotone_constraints", "feature_infos")
"""The lines of a text's head with one value a column."""


def with_used_features(bundle: Bundle) -> Bundle:
    """The bundle over what its lanes read and what the sentences of that rest on, each lane over
    what it reads, in the order that there was.

    The words of texts stay, since the bundle gives them their value itself.
    """
    lanes = {name: _lane(lane) for name, lane in bundle.lanes.items()}
    used = {feature for lane in lanes.values() for feature in lane.features}
    used |= {FEATURE} if bundle.words is not None else set()
    used |= read_beside([f for f in catalogue() if f.name in bundle.features], used)
    features = {name: digest for name, digest in bundle.features.items() if name in used}
    return replace(bundle, features=features, lanes=lanes)


def _lane(lane: Lane) -> Lane:
    read = {column for tree in trees_of(lane.text) for column in tree.feature}
    kept = sorted(read) or [0]  # LightGBM wants a column, also where no tree splits
    features = tuple(lane.features[column] for column in kept)
    return replace(lane, features=features, text=_narrowed(lane.text, kept))


def _narrowed(text: str, kept: Sequence[int]) -> str:
    """A model's text over the columns `kept` alone, in their order."""
    head, mark, trees = text.partition("\nTree=0\n")
    lines = [_head_line(line, kept) for line in head.split("\n")]
    place = {column: at for at, column in enumerate(kept)}
    body, end, _ = trees.partition("\nend of trees")
    columns = [place.get(column, 0) for column in range(max(kept) + 1)]
    kept_lines = "\n".join(line for line in lines if line is not None)
    return f"{kept_lines}{mark}{on_columns(body, columns)}{end}\n"


def _head_line(line: str, kept: Sequence[int]) -> str | None:
    """A line of the head for these columns; None for the lengths of the trees, which change."""
    name, _, values = line.partition("=")
    if name == "max_feature_idx":
        return f"{name}={len(kept) - 1}"
    if name in _BY_COLUMN:
        of_column = values.split(" ")
        return f"{name}=" + " ".join(of_column[column] for column in kept)
    return None if name == "tree_sizes" else line
