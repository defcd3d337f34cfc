"""What comes in by row: the facts, and what takes them back."""

from __future__ import annotations

from risk.facts.fields import MAX_TEXT, Field, Kind
from risk.facts.kinds import KINDS, SUBMITTED

RETRACTIONS = Kind(
    "retractions",
    (
        Field("kind", "choice", "the kind of the fact that is taken back", required=True,
              choices=tuple(KINDS), example="orders"),
        Field("key", "key", "the fact's key: its fields and what they say", required=True,
              example='{"order_id": "O-1001", "line_id": "1"}'),
        Field("retracted_at", "time", "when it was taken back", required=True,
              example="2026-03-12T10:00:00+08:00"),
        Field("reason", "text", "why", required=True, limit=MAX_TEXT,
              example="the export named the wrong shop"),
        Field("revision", "count", "up to which revision; empty: all of them", example=1,
              least=1),
        Field("known_at", "time", KINDS["orders"].field("known_at").doc,
              example="2026-03-12T10:00:00+08:00"),
    ),
    ("kind", "key", "retracted_at"),
    "retracted_at",
    about=(),
    schema="Retraction",
    summary="Take facts back",
    scope="admin",
)  # fmt: skip
"""What takes a fact back: no fact itself, but it comes in, is stored and is known as facts are."""

RECORDS: dict[str, Kind] = {**KINDS, RETRACTIONS.name: RETRACTIONS}
INCOMING: dict[str, Kind] = {**SUBMITTED, RETRACTIONS.name: RETRACTIONS}
"""What callers send and folders hold."""
