"""Which parcels of an order can hold what a request is about: those that name no line, or its own.

A request for the whole order is about all of them.
"""

from __future__ import annotations

PARCELS = "parcels@order"
OF_REQUEST = "(e.line_id IS NULL OR s.line_id IS NULL OR e.line_id = s.line_id)"
ANY_OUT = "e.direction = 'outbound'"
ANY_DELIVERED = f"{ANY_OUT} AND e.status = 'delivered'"
"""Of all parcels of the order, as earlier models count them."""
OUT = f"{ANY_OUT} AND {OF_REQUEST}"
DELIVERED = f"{OUT} AND e.status = 'delivered'"
