"""What a reviewer is told of a picture that was near an earlier one: where, and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from risk.evidence.earlier_rows import first_files
from risk.evidence.patch_matching import laid
from risk.evidence.patches import split
from risk.facts.units import CLOCK_GRACE

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EarlierPicture:
    """The first file with a picture, and the shop's name of its article. `same_case`: it is an item
    of this very case.

    Of another merchant nothing is told but that there is one: the other fields are empty then.
    `differs` are codes: `customer`, `article`, `mirrored`, `turned`, `later` (its record says that
    it was made later).
    """

    same_case: bool
    evidence_id: str = ""
    refund_id: str = ""
    submitted_at: int | None = None
    kept: bool = False
    article: str = ""
    differs: tuple[str, ...] = ()


def earlier_pictures(
    connection: sa.Connection, files: Mapping[str, Row], lines: Sequence[Row], refund_id: str
) -> dict[str, EarlierPicture]:
    """By item of evidence of a request, as far as its file shows what another showed before;
    `lines` are those of its order."""
    copies = {item: row for item, row in files.items() if row["copied"] is not None}
    if not copies:
        return {}
    first = {row["picture"]: row for row in first_files(connection, {
        row["copied"] for row in copies.values()})[::-1]}  # fmt: skip
    line: Row = lines[0] if lines else {}
    return {
        item: _told(row, first[row["copied"]], line, refund_id)
        for item, row in copies.items()
        if row["copied"] in first and first[row["copied"]]["evidence_id"] != item
    }


def _told(own: Row, first: Row, line: Row, refund_id: str) -> EarlierPicture:
    if first["refund_id"] != refund_id and first["merchant_id"] != line.get("merchant_id"):
        return EarlierPicture(same_case=False)
    differs = [
        name
        for name, column in (("customer", "customer_id"), ("article", "sku"))
        if first[column] != line.get(column)
    ]
    if _is_later(own, first):
        differs.append("later")
    return EarlierPicture(
        first["refund_id"] == refund_id, first["evidence_id"], first["refund_id"],
        first["submitted_at"], first["kept"], first["sku"] or "", (*differs, *_ways(own, first)),
    )  # fmt: skip


def _is_later(own: Row, first: Row) -> bool:
    """Whether one was made later by its record; clocks without a zone may be days apart."""
    if own["made_at"] is None or first["made_at"] is None:
        return False
    grace = 0 if own["clock"] == first["clock"] == "zone" else CLOCK_GRACE
    return bool(first["made_at"] + grace < own["made_at"])


def _ways(own: Row, first: Row) -> list[str]:
    ways = [laid(a, b) for a in split(own["fingerprints"]) for b in split(first["fingerprints"])]
    best = max((way for way in ways if way), key=lambda way: way.pairs, default=None)
    return [name for name in ("mirrored", "turned") if best and getattr(best, name)]
