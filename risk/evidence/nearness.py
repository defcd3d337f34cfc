"""Nearness: which picture a file shows, settled once when it is taken in.

Files that are near share the number of the picture that the first of them was given. Later files
say so (`copied`); who was first never does, whoever comes later.

Pictures are compared before the store's lock is taken (`compare`). Under it only those are looked
at that were stored meanwhile (`settle`).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from risk.evidence.nearness_rows import add_bands, files_by_band, pictures_of
from risk.evidence.patch_matching import near_some_way
from risk.evidence.patches import Patches, bands, split
from risk.facts.parse_columns import Columns
from risk.history.connection.connect import Write, latest_commit_at
from risk.history.facts.fact_columns import revision_key

INDEXED = 24
"""Patches of a picture that the index holds, the strongest first; of a film's frames fewer each."""

_LEAST_INDEXED = 8
LEAST_BANDS = 2
COMPARED = 24
"""Files that are compared patch by patch, those with most bands in common first."""


@dataclass(frozen=True, slots=True)
class NearFiles:
    """What a file was compared with: all that was stored until `until` (ms), by these `bands`;
    `near` are the files near to it, by their `fact_key`."""

    own: Sequence[Patches]
    bands: frozenset[int]
    until: int
    near: frozenset[int]


def compare(connection: sa.Connection, columns: Columns) -> NearFiles:
    """Compare a file, by the columns of its fact, with what a snapshot of the store holds.

    Bounded: bands are looked at up to `nearness_rows.LATEST` files each, files up to `COMPARED`.
    """
    own, until = split(columns["fingerprints"][0]), latest_commit_at(connection)
    wanted = frozenset(query_bands(own))
    return NearFiles(own, wanted, until, _near(connection, own, wanted))


def settle(write: Write, columns: Columns, compared: NearFiles) -> None:
    """Set which picture a file shows, in the stored columns of its fact.

    What was stored since the comparison is compared now, as a rule nothing.
    """
    digest, own_id = columns["digest"][0], columns["evidence_id"][0]
    if digest is None:
        return
    since = _near(write.connection, compared.own, compared.bands, compared.until)
    found = pictures_of(write.connection, compared.near | since, digest)
    first = next((int(r["picture"]) for r in found if r["evidence_id"] != own_id), None)
    columns["picture"] = [secrets.randbits(62) if first is None else first]
    columns["copied"] = [first]


def _near(
    connection: sa.Connection, own: Sequence[Patches], wanted: frozenset[int], since: int = 0
) -> frozenset[int]:
    """The files near to one, of those put into the index after `since`."""
    found = files_by_band(connection, wanted, since)
    likely = [key for key, number in found.most_common(COMPARED) if number >= LEAST_BANDS]
    return frozenset(
        int(row["fact_key"])
        for row in pictures_of(connection, likely)
        if any_near(own, split(row["fingerprints"]))
    )


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
    turned = (list(a.variants()) for a in one)
    return any(near_some_way(variants, b) for variants in turned for b in other)


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
