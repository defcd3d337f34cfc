"""Nearness: which picture a file shows, settled once when it is taken in.

Files that are near share the number of the picture that the first of them was given. Later files
say so (`copied`); who was first never does, whoever comes later.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

import numpy as np

from risk.evidence.nearness_rows import add_bands, files_by_band, pictures_of
from risk.evidence.patches import Patches, bands, near, split
from risk.facts.parse_columns import Columns
from risk.history.connect import Write
from risk.history.fact_columns import revision_key

INDEXED = 24
"""Patches of a picture that the index holds, the strongest first; of a film's frames fewer each."""

_LEAST_INDEXED = 8
LEAST_BANDS = 2
COMPARED = 24
"""Files that are compared patch by patch, those with most bands in common first."""


def settle(write: Write, columns: Columns) -> None:
    """Set which picture a file shows, in the stored columns of its fact.

    Bounded: bands are looked at up to `nearness_rows.LATEST` files each, files up to `COMPARED`.
    """
    digest, text = columns["digest"][0], columns["fingerprints"][0]
    if digest is None:
        return
    own = split(text)
    found = files_by_band(write.connection, query_bands(own))
    likely = [key for key, number in found.most_common(COMPARED) if number >= LEAST_BANDS]
    first = next(
        (
            int(row["picture"])
            for row in pictures_of(write.connection, likely, digest)
            if row["evidence_id"] != columns["evidence_id"][0]
            and (row["digest"] == digest or any_near(own, split(row["fingerprints"])))
        ),
        None,
    )
    columns["picture"] = [secrets.randbits(62) if first is None else first]
    columns["copied"] = [first]


def put_in_index(write: Write, columns: Columns) -> None:
    """Index a stored file, so that later ones find it."""
    own = split(columns["fingerprints"][0])
    add_bands(write, _key(columns), indexed_bands(own))


def _key(columns: Columns) -> int:
    """The `fact_key` that the fact is stored under."""
    first, revision = columns["fact_key"][0], columns["revision"][0]
    return first if revision == 1 else revision_key(first, revision)


def any_near(one: Iterable[Patches], other: Sequence[Patches]) -> bool:
    """Whether any picture of one file is near any of another."""
    return any(near(a, b) for a in one for b in other)


def query_bands(own: Iterable[Patches]) -> set[int]:
    """The bands by which a file near to this one may be found, whichever way round it is."""
    return {
        band
        for picture in own
        for variant in picture.variants()
        for band in bands(variant.hashes).ravel().tolist()
    }


def indexed_bands(own: Sequence[Patches]) -> list[int]:
    """The bands that a file is found by."""
    most = max(INDEXED // max(len(own), 1), _LEAST_INDEXED)
    strongest = [bands(picture.hashes[:most]).ravel() for picture in own]
    return np.unique(np.concatenate(strongest)).tolist() if strongest else []
