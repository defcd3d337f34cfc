"""SQL of pictures and films: what they show of themselves, and whether somebody else gave them for
another article before."""

from __future__ import annotations

SHOWN_KIND = """CASE WHEN g.kind NOT IN ('photo', 'video') OR v.media_type IS NULL THEN g.kind
        WHEN v.media_type = 'application/pdf' THEN 'document'
        WHEN SUBSTR(v.media_type, 1, 6) = 'video/' THEN 'video' ELSE 'photo' END"""
"""What an item is by its file, where that is known: a label is only what was said of it."""
TAKEN_AT = "COALESCE(CASE WHEN v.made_by = 'camera' THEN v.made_at END, g.captured_at)"
GENERATED = "CASE WHEN v.credentials = 'intact' AND v.made_by = 'generator' THEN 1 ELSE 0 END"

BUYER = "s.customer_id, s.merchant_id, s.sku, s.address"
"""What of the spine says whose the article is, and which."""


def of_another(row: str) -> str:
    """SQL: a request (`row`) of another customer is about another article than the case (`g`).

    Of one household, or of one batch, a picture may show one article twice; it may show two that
    went to one home from one shop. It shows no article of another shop, nor two in two homes.
    """
    one_home = f"COALESCE({row}.address, -1) = COALESCE(g.address, -2)"
    return (
        f"({row}.customer_id <> g.customer_id AND ({row}.merchant_id <> g.merchant_id "
        f"OR ({row}.sku <> g.sku AND NOT {one_home})))"
    )
