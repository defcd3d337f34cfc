"""The model bundle: trees and calibration of every lane, the features they need, one digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from risk.errors import ModelRefused
from risk.features.word_weights import WordWeights
from risk.model.calibration import Calibration
from risk.model.trees import Trees

Floats = NDArray[np.float64]

FORMAT, WITH_WORDS = 1, 2
PROVEN, EXPECTED = "ask_above", "ask_above_expected"
"""The thresholds below which nothing may be asked of a customer, by how training found them."""
OF_GROUP = "ask_above_group_"
"""What a group's own threshold is called, before its name."""
FILE = "bundle.json"
_PREFIX, _SEPARATOR = b'{"digest":"', b'",\n'
_DIGEST_END = len(_PREFIX) + 64


@dataclass(frozen=True, slots=True)
class Scored:
    """The score of one row; `base` and `contributions` (n_features,) sum to `raw_score` (1e-9)."""

    probability: float
    raw_score: float
    base: float
    contributions: Floats


@dataclass(frozen=True)
class Lane:
    """The model of one lane: LightGBM's text over `features`, a part of the bundle's, in order."""

    features: tuple[str, ...]
    text: str
    calibration: Calibration


@dataclass(frozen=True)
class Bundle:
    """A model as the product keeps and serves it, without pickle.

    `features` names the columns of a row, in order, with the hash of each one's definition.
    `thresholds` are probabilities by name, e.g. `PROVEN`.
    `words` gives the feature `word_weights.FEATURE` its value, where rows are read for the bundle:
    in `history.point_reader`, `features.backfill` and `pyfunc.frame_rows`.
    `about` is the model card's data: when trained, until when, on what, metrics.
    """

    features: Mapping[str, str]
    lanes: Mapping[str, Lane]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    words: WordWeights | None = None
    _ready: dict[str, tuple[Trees, NDArray[np.intp] | None]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ready", {lane: self._prepare(lane) for lane in self.lanes})

    def _prepare(self, lane: str) -> tuple[Trees, NDArray[np.intp] | None]:
        own = self.lanes[lane].features
        place = {name: at for at, name in enumerate(self.features)}
        unknown = [name for name in own if name not in place]
        if unknown:
            raise ModelRefused(f"lane {lane} uses features without a hash: {', '.join(unknown)}")
        trees = Trees(self.lanes[lane].text, len(own))
        everything = own == tuple(self.features)
        return trees, None if everything else np.array([place[name] for name in own], dtype=np.intp)

    def score(self, row: Floats, lane: str) -> Scored:
        """Score one row (n_features,), NaN where unknown; features outside the lane add nothing."""
        trees, columns = self._lane(lane)
        if row.shape != (len(self.features),):
            raise ModelRefused(f"{len(self.features)} features wanted, got shape {row.shape}")
        if columns is None:
            raw, base, contributions = trees.explain(row)
        else:
            raw, base, own = trees.explain(row[columns])
            contributions = np.zeros(len(row))
            contributions[columns] = own
        probability = self.lanes[lane].calibration.probability(raw)
        return Scored(probability, raw, base, contributions)

    def raw_scores(self, rows: Floats, lane: str) -> Floats:
        """Raw log-odds (n,) of rows (n, n_features)."""
        trees, columns = self._lane(lane)
        return trees.raw_scores(rows if columns is None else rows[:, columns])

    def probabilities(self, rows: Floats, lane: str) -> Floats:
        """Probabilities (n,) of rows (n, n_features); equal to `score` of each to the bit."""
        return self.lanes[lane].calibration.probabilities(self.raw_scores(rows, lane))

    def _lane(self, lane: str) -> tuple[Trees, NDArray[np.intp] | None]:
        try:
            return self._ready[lane]
        except KeyError:
            raise ModelRefused(f"no model for lane {lane}; has {', '.join(self.lanes)}") from None

    @property
    def asks_from(self) -> float:
        """The lowest threshold that training found; 1 without any."""
        return min(self.thresholds.get(PROVEN, 1.0), self.thresholds.get(EXPECTED, 1.0))

    @property
    def of_group(self) -> dict[str, float]:
        """The thresholds of groups by their names; none in bundles of earlier releases."""
        named = self.thresholds.items()
        return {name.removeprefix(OF_GROUP): at for name, at in named if name.startswith(OF_GROUP)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything, in hexadecimal; two bundles with one digest are one bundle."""
        return self.to_bytes()[len(_PREFIX) : _DIGEST_END].decode()

    def to_bytes(self) -> bytes:
        """The bundle as one JSON document whose first member is its digest."""
        lanes = {
            name: {
                "features": lane.features,
                "calibration": lane.calibration.to_json(),
                "text": lane.text,
            }
            for name, lane in self.lanes.items()
        }
        words = {} if self.words is None else {"words": dict(self.words.of)}
        document = {
            "format": WITH_WORDS if words else FORMAT,
            "features": [[name, digest] for name, digest in self.features.items()],
            "thresholds": dict(self.thresholds),
            "about": dict(self.about),
            "lanes": lanes,
            **words,
        }
        body = orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)[1:]
        return _PREFIX + hashlib.sha256(body).hexdigest().encode() + _SEPARATOR + body

    def save(self, folder: Path) -> Path:
        """Write `bundle.json` into `folder`, which is made if need be; returns the file's path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILE
        path.write_bytes(self.to_bytes())
        return path

    @staticmethod
    def load(source: Path | bytes, available: Mapping[str, str] | None = None) -> Bundle:
        """Read a bundle from its folder or its bytes.

        `available` maps the names of the features that exist to their hashes; None skips the check
        (analysis of old models). Raises ModelRefused for a missing or changed feature, each named,
        for a changed byte, and for a file that is no bundle.
        """
        document = _document(source if isinstance(source, bytes) else _read(source))
        features = {str(name): str(digest) for name, digest in document["features"]}
        if available is not None:
            _check_features(features, available)
        lanes = {
            name: Lane(
                tuple(lane["features"]), lane["text"], Calibration.from_json(lane["calibration"])
            )
            for name, lane in document["lanes"].items()
        }
        words = WordWeights(document["words"]) if "words" in document else None
        return Bundle(features, lanes, document["thresholds"], document["about"], words)


def _read(folder: Path) -> bytes:
    path = folder if folder.is_file() else folder / FILE
    try:
        return path.read_bytes()
    except OSError as cause:
        raise ModelRefused(f"no model at {path}: {cause.strerror}") from cause


def _document(raw: bytes) -> dict[str, Any]:
    """The JSON of a bundle, its digest verified."""
    body_at = _DIGEST_END + len(_SEPARATOR)
    framed = raw.startswith(_PREFIX) and raw[_DIGEST_END:body_at] == _SEPARATOR
    if (
        not framed
        or hashlib.sha256(raw[body_at:]).hexdigest().encode() != raw[len(_PREFIX) : _DIGEST_END]
    ):
        raise ModelRefused("the model's bytes were changed: its digest does not fit")
    document: dict[str, Any] = orjson.loads(raw)
    if document["format"] not in (FORMAT, WITH_WORDS):
        raise ModelRefused(f"model format {document['format']}, this release reads 1 and 2")
    return document


def _check_features(wanted: Mapping[str, str], available: Mapping[str, str]) -> None:
    missing: Sequence[str] = [name for name in wanted if name not in available]
    changed = [name for name in wanted if name in available and available[name] != wanted[name]]
    if missing or changed:
        parts = [f"missing: {', '.join(missing)}"] if missing else []
        parts += [f"changed: {', '.join(changed)}"] if changed else []
        raise ModelRefused("the model needs features that are not here; " + "; ".join(parts))
