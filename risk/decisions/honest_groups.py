"""Groups of customers of whom honest ones look like abusers, by what is known at a request.

A model ranks by what findings taught it, and may rank the honest of a group above other honest
customers. Training gives each group a threshold of its own (`training.learn.expected_share`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from risk.features.ring import MAX_SHARED

SHARED = ("payment_newest_days", "phone_newest_days", "payout_newest_days")
READ = (
    *SHARED, "device_newest_days", "address_customers",
    "account_age_days", "days_since_first_order", "ring_customers",
)  # fmt: skip
"""The features that tell the groups."""

FAMILY_DAYS, NEW_DAYS = 150, 30


def honest_groups(values: Mapping[str, Any]) -> dict[str, Any]:
    """Which groups a request, or each of many (columns, (n,)), belongs to.

    - `household`: shares a card, phone or payout account with somebody, and nobody new came to
      share one for five months. A family is not told from a ring by what it shares; a ring takes
      in accounts, a family has its own for years. What more than a dozen share is no family's.
    - `newcomer`: came within 30 days and shares nothing with anybody, however many.
    - `crowd`: lives where so many live that the address links nobody (`MAX_SHARED`), in a dormitory
      or by a locker, and shares no card, phone, device or payout account with anybody.

    >>> at = dict.fromkeys(READ, float("nan")) | {"ring_customers": 1.0}
    >>> [name for name, of in honest_groups(at | {"phone_newest_days": 200.0}).items() if of]
    ['household']
    """
    newest = np.fmin.reduce([values[name] for name in SHARED])
    device = values["device_newest_days"]
    age = np.fmax(values["account_age_days"], values["days_since_first_order"])
    linked = values["ring_customers"]  # 0 of what so many share that it links nobody
    return {
        "household": (newest >= FAMILY_DAYS) & (linked != 0),
        "newcomer": (age < NEW_DAYS) & (linked == 0) & np.isnan(newest),
        "crowd": (values["address_customers"] >= MAX_SHARED) & np.isnan(newest) & np.isnan(device),
    }
