"""Exact Shapley contributions from look-up tables, one table a tree.

A tree of eight leaves makes seven comparisons, so it tells 128 rows apart. The contributions for
each outcome are computed once; then a row costs its comparisons and one look-up a tree. They are
the path-dependent Shapley values (TreeSHAP) of Lundberg et al. 2020, "From local explanations to
global understanding with explainable AI for trees", summed leaf by leaf.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
VERSION = 1
"""Version of the order in which contributions are added up: their last bits depend on it."""

MOST = 8
"""Comparisons a tree may make: they are the bits of one byte."""

_ZERO = 1.0000000180025095e-35
"""Values up to this size count as zero in LightGBM."""

_CATEGORY, _DEFAULT_LEFT, _NAN_IS_MISSING, _PLAIN = 1, 2, 2, 0
"""LightGBM's `decision_type`: bit 0, bit 1, and what the bits above them may be here."""


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree as LightGBM writes it; a child below zero is the leaf `~child`."""

    feature: list[int]
    threshold: list[float]
    kind: list[int]
    children: list[tuple[int, int]]
    value: list[float]
    rows: list[int]
    leaf_rows: list[int]

    def size(self, child: int) -> int:
        """How many rows of the training set came to a node or leaf."""
        return self.leaf_rows[~child] if child < 0 else self.rows[child]

    @property
    def readable(self) -> bool:
        """Whether its comparisons are numerical and few enough for a table."""
        kinds = {(kind & _CATEGORY, kind >> 2) for kind in self.kind}
        return len(self.feature) <= MOST and kinds <= {(0, _PLAIN), (0, _NAN_IS_MISSING)}


def trees_of(text: str) -> list[Tree]:
    """The trees in LightGBM's text."""
    return [_tree(block) for block in text.split("\nTree=")[1:]]


def _tree(block: str) -> Tree:
    lines = (line.partition("=") for line in block.partition("\n\n")[0].splitlines())
    fields = {name: value.split() for name, _, value in lines}
    left, right = (map(int, fields.get(f"{side}_child", ())) for side in ("left", "right"))
    return Tree(
        feature=[int(n) for n in fields.get("split_feature", ())],
        threshold=[float(n) for n in fields.get("threshold", ())],
        kind=[int(n) for n in fields.get("decision_type", ())],
        children=list(zip(left, right, strict=True)),
        value=[float(n) for n in fields["leaf_value"]],
        rows=[int(n) for n in fields.get("internal_count", ())],
        leaf_rows=[int(n) for n in fields.get("leaf_count", ())],
    )


@dataclass(frozen=True, slots=True)
class ContributionTables:
    """The tables of all trees, their comparisons side by side, shape (trees, MOST).

    `contributions` holds, for each tree and outcome of its comparisons, the contribution of the
    feature of each comparison; where a tree makes fewer, the rest go to the unused column `width`.
    """

    width: int
    feature: NDArray[np.intp]
    threshold: Floats
    unknown_left: NDArray[np.bool_]
    contributions: Floats
    start: NDArray[np.intp]

    @classmethod
    def of(cls, text: str, width: int) -> ContributionTables | None:
        """The tables of LightGBM's `text`; None where some tree is not `readable`."""
        trees = [tree for tree in trees_of(text) if tree.feature]
        if not all(tree.readable for tree in trees):
            return None
        shape = (len(trees), MOST)
        feature, threshold = np.full(shape, width), np.full(shape, -np.inf)
        unknown_left = np.zeros(shape, dtype=bool)
        contributions = np.zeros((len(trees), 1 << MOST, MOST))
        for i, tree in enumerate(trees):
            made = len(tree.feature)
            feature[i, :made], threshold[i, :made] = tree.feature, tree.threshold
            unknown_left[i, :made] = [_unknown_goes_left(tree, node) for node in range(made)]
            contributions[i, : 1 << made] = _table(tree)
        start = np.arange(len(trees), dtype=np.intp) << MOST
        return cls(width, feature, threshold, unknown_left, contributions.reshape(-1, MOST), start)

    def __call__(self, row: Floats) -> Floats:
        """The contribution of every column (width,) of one row (width,)."""
        values = np.append(row, np.inf)
        values[np.abs(values) <= _ZERO] = 0.0
        known = values[self.feature]
        left = (known <= self.threshold) | (np.isnan(known) & self.unknown_left)
        outcomes = np.packbits(left, axis=1, bitorder="little")[:, 0]
        contributions = self.contributions[self.start + outcomes]
        added = np.bincount(self.feature.ravel(), contributions.ravel(), self.width + 1)
        return added[: self.width].astype(np.float64, copy=False)


def _unknown_goes_left(tree: Tree, node: int) -> bool:
    kind = tree.kind[node]
    return bool(kind & _DEFAULT_LEFT) if kind >> 2 == _NAN_IS_MISSING else tree.threshold[node] >= 0


def _table(tree: Tree) -> Floats:
    """Contributions (outcomes, MOST) by the outcome of every comparison, one a bit, left being 1.

    A feature's stand where it is compared first.
    """
    made = len(tree.feature)
    left = (np.arange(1 << made)[:, None] >> np.arange(made)) & 1
    contributions = np.zeros((1 << made, MOST))
    for leaf, path in _paths(tree, 0, ()):
        shares, holds = _players(tree, path, left)
        for player, feature in enumerate(shares):
            gain = tree.value[leaf] * (holds[player] - shares[feature])
            others = [(s, holds[k]) for k, s in enumerate(shares.values()) if k != player]
            contributions[:, tree.feature.index(feature)] += gain * _average(others, len(left))
    return contributions


Path = tuple[tuple[int, int], ...]
"""From the root: the comparison made, and 1 where it went left."""


def _paths(tree: Tree, node: int, path: Path) -> list[tuple[int, Path]]:
    if node < 0:
        return [(~node, path)]
    left, right = tree.children[node]
    return [
        *_paths(tree, left, (*path, (node, 1))),
        *_paths(tree, right, (*path, (node, 0))),
    ]


def _players(
    tree: Tree, path: Path, left: NDArray[np.int_]
) -> tuple[dict[int, float], list[Floats]]:
    """For each feature of a path: the share of rows that stay on it where the feature is not
    known, and for every outcome whether (1 or 0) they do where it is."""
    shares: dict[int, float] = {}
    holds: dict[int, Floats] = {}
    for node, went_left in path:
        feature, child = tree.feature[node], tree.children[node][1 - went_left]
        share, stays = tree.size(child) / tree.size(node), left[:, node] == went_left
        shares[feature] = shares.get(feature, 1.0) * share
        holds[feature] = holds.get(feature, np.ones(len(left))) * stays
    return shares, list(holds.values())


def _average(others: list[tuple[float, Floats]], outcomes: int) -> Floats:
    """The chance that the other players leave the path open, averaged over their orders (Shapley).

    The factors `share + hold × t` multiply to a polynomial whose k-th coefficient belongs to the
    coalitions of k.
    """
    terms = [np.ones(outcomes)]
    for share, hold in others:
        grown = [term * share for term in terms] + [np.zeros(outcomes)]
        for k, term in enumerate(terms):
            grown[k + 1] = grown[k + 1] + term * hold
        terms = grown
    total = np.zeros(outcomes)
    for weight, term in zip(_weights(len(others)), terms, strict=True):
        total += weight * term
    return total


@lru_cache
def _weights(others: int) -> tuple[float, ...]:
    """How often a player comes after exactly k of the others, for every k."""
    orders = factorial(others + 1)
    return tuple(factorial(k) * factorial(others - k) / orders for k in range(others + 1))
