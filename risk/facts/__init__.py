"""The facts: their kinds, and how their values are read and written."""

from risk.facts.codes import (
    CHANNELS,
    DECIDERS,
    REASONS,
    TYPES,
    VERDICTS,
)
from risk.facts.fields import MAX_ID, MAX_TEXT, Field, FieldType, Kind
from risk.facts.kinds import (
    EVIDENCE,
    INSPECTIONS,
    KINDS,
    MEMBERS,
    ORDERS,
    OUTCOMES,
    REFUNDS,
    SHIPMENTS,
)

__all__ = [
    "CHANNELS",
    "DECIDERS",
    "EVIDENCE",
    "INSPECTIONS",
    "KINDS",
    "MAX_ID",
    "MAX_TEXT",
    "MEMBERS",
    "ORDERS",
    "OUTCOMES",
    "REASONS",
    "REFUNDS",
    "SHIPMENTS",
    "TYPES",
    "VERDICTS",
    "Field",
    "FieldType",
    "Kind",
]
