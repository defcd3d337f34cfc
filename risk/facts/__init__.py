"""The facts: their kinds, and how their values are read and written."""

from risk.facts.codes import (
    CHANNELS,
    DECIDERS,
    NOT_GIVEN,
    REASONS,
    TYPES,
    VERDICTS,
)
from risk.facts.fields import MAX_ID, MAX_TEXT, Field, FieldType, Kind
from risk.facts.kinds import (
    EVIDENCE,
    FEEDBACK,
    FILES,
    INSPECTIONS,
    KINDS,
    MEMBERS,
    ORDERS,
    OUTCOMES,
    OWN_IDS,
    PAYMENT_DISPUTES,
    REFUNDS,
    SHIPMENTS,
    SUBMITTED,
)
from risk.facts.records import INCOMING, RECORDS, RETRACTIONS

__all__ = [
    "CHANNELS",
    "DECIDERS",
    "EVIDENCE",
    "FEEDBACK",
    "FILES",
    "INCOMING",
    "INSPECTIONS",
    "KINDS",
    "MAX_ID",
    "MAX_TEXT",
    "MEMBERS",
    "NOT_GIVEN",
    "ORDERS",
    "OUTCOMES",
    "OWN_IDS",
    "PAYMENT_DISPUTES",
    "REASONS",
    "RECORDS",
    "REFUNDS",
    "RETRACTIONS",
    "SHIPMENTS",
    "SUBMITTED",
    "TYPES",
    "VERDICTS",
    "Field",
    "FieldType",
    "Kind",
]
