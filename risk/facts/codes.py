"""The codes of the contract: what a field of a fact may hold where only some words are allowed."""

CHANNELS = ("live", "video", "shop", "search", "other")
REASONS = (
    "not_received",
    "late",
    "damaged",
    "defective",
    "not_as_described",
    "wrong_item",
    "missing_item",
    "counterfeit",
    "double_charge",
    "unwanted",
    "other",
)
UNRECEIVED_REASONS = ("not_received", "late")
"""Reasons of a customer who does not have the goods."""
RECEIVED_REASONS = (
    "damaged", "defective", "not_as_described", "wrong_item", "missing_item", "counterfeit",
)  # fmt: skip
"""Reasons about goods, or a parcel, that the customer has."""
TYPES = (
    "refund_only",
    "return_and_refund",
    "exchange",
    "repair",
    "resend",
    "price_adjustment",
)
VERDICTS = ("legitimate", "merchant_fault", "courier_fault", "abuse", "fraud", "undetermined")
DECIDERS = ("merchant", "platform", "reviewer", "appeal", "system")
NOT_GIVEN = ("declined", "unanswered")
"""The kinds of evidence that say that nothing was given: an express no, and silence."""
