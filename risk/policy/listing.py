"""An entry of the block or allow list, as a policy sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Listing:
    """An entry of the block or allow list for this customer.

    It counts only with a recorded cause and a person who made it, until `expires_at`
    (milliseconds; None = until withdrawn). `asks` is what a block asks for.
    """

    kind: Literal["block", "allow"]
    cause: str
    by: str
    expires_at: int | None = None
    asks: Literal["evidence", "prepayment"] = "evidence"
