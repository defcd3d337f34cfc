"""Where it speaks for somebody that there is none of something: what there must be for that.

That nobody else asked is no evidence where there is nobody else: an absence is a reason only among
what it is an absence of.
"""

from __future__ import annotations

import re
from functools import lru_cache

from risk.features.sources import SHARED

_AMONG: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"customer_requests(_\d+d)?", (r"customer_orders\1",)),
    (r"customer_orders_asked(_\d+d)?", (r"customer_orders\1",)),
    (rf"({'|'.join(SHARED)})_requests_\d+d", (r"\1_customers",)),
    (r"ring_requests", ("ring_customers",)),
    (r"order_(other_reasons|story_changed)", ("order_requests",)),
    (r"(claim_)?parcel_signed", (r"\1parcel_delivered", "reason_not_received")),
    (r"text_off_topic|other_device", ()),
    (r"(customer|ring)_\w+_share(_\d+d)?", ()),
)
"""By the names of features, the features that count what theirs is an absence of; none of them
where a no says something by itself, and where a share has its whole."""


@lru_cache(maxsize=1_024)
def absent_among(feature: str) -> tuple[str, ...] | None:
    """What must be there for a 0 of this feature to speak for somebody; None where it never does.

    >>> absent_among("customer_requests_90d")
    ('customer_orders_90d',)
    >>> absent_among("other_device")
    ()
    >>> absent_among("tracking_orders") is None
    True
    """
    for pattern, among in _AMONG:
        found = re.fullmatch(pattern, feature)
        if found is not None:
            return tuple(found.expand(name) for name in among)
    return None
