"""What is another than before of a customer, as a situation names it."""

from __future__ import annotations

from risk.decisions.case_records import OwnRows
from risk.history.connection.driver import Row


def changes(spine: Row, own: OwnRows) -> dict[str, bool]:
    """What is another than what is known of the customer, and whether they confirmed it: a chat
    that came with the request was no answer to anything."""
    return {
        "payout_changed": "payout" in own.changed,
        "moved": "moved" in own.changed,
        "contact_confirmed": any(
            (item.kind, item.submitted_by) == ("chat", "customer")
            and (item.asked_at is not None or item.known_at > spine["request_known_at"])
            for item in own.evidence
        ),
    }
