"""What a case may have any rows of, asked before they are read.

Most things of a customer are nobody else's, and most requests have no evidence yet: of those nothing
is read, and their measures are empty. An answer may be yes where nothing is visible; it is no only
where nothing was stored. That holds in stores in which no fact was ever corrected or taken back: in
others everything is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from risk.features.sources import SHARED

RARE = ("trackings", "photos")
"""The many-valued keys that few cases have any of."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Groups that have no rows where `condition` does not hold: SQL over the spine `s`, which finds
    out by bounded look-ups."""

    groups: tuple[str, ...]
    condition: str


def _any(rows: str) -> str:
    return f"EXISTS (SELECT 1 FROM {rows})"


def _others(entity: str) -> str:
    """Whoever asks with a thing, or is found abusing with it, was seen at it: of each customer
    there is one first sighting, so that two rows say whether there is another."""
    return _any(
        f"sightings e WHERE e.kind = '{entity}' AND e.entity = s.{entity} "
        "AND e.customer_id <> s.customer_id"
    )


_SHOWN = " OR ".join(
    _any(f"evidence e WHERE e.{about} = s.{about}") for about in ("refund_id", "order_id")
)

PRESENCES: dict[str, Presence] = {
    **{
        f"others@{entity}": Presence((f"requests@{entity}", f"findings@{entity}"), _others(entity))
        for entity in SHARED
    },
    "found": Presence(
        ("findings@customer", "other_findings@customer"),
        _any("findings e WHERE e.customer_id = s.customer_id"),
    ),
    "returned": Presence(
        ("returns@customer",), _any("returns e WHERE e.customer_id = s.customer_id")
    ),
    "shown": Presence(("evidence@case", "files@case", "copies@case", "reuses@case"), _SHOWN),
    "inspected": Presence(
        ("inspections@case",), _any("inspections e WHERE e.refund_id = s.refund_id")
    ),
    "asked_again": Presence(
        ("requests@order",),
        _any("refunds e WHERE e.order_id = s.order_id AND e.refund_id <> s.refund_id"),
    ),
}
"""The groups that are asked for first, by a name of their own."""

PRESENCE_OF: dict[str, str] = {
    group: name for name, presence in PRESENCES.items() for group in presence.groups
}
"""The presence that each of those groups hangs on."""
