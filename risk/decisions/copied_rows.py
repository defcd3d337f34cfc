"""SQL: whether a picture was given before by somebody else, about another article."""

from __future__ import annotations

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
