"""The features a starter reads: what the trade holds for or against a customer, and the context.

What is no sign by itself (length and temper of a text, age of an account, how many live
together, how much somebody buys and asks back) is left to a shop's own findings.
"""

from __future__ import annotations

from risk.features.catalog import catalogue
from risk.features.catalog.shared import OWN_THINGS
from risk.features.spec import Feature

MOST = 120
HABITS = (
    "sku_merchant_fault", "merchant_faults", "goods_other_reasons", "customer_orders_asked",
    "customer_asked",
    *(f"{thing}_{new}strangers" for thing in OWN_THINGS for new in ("", "new_")),
)  # fmt: skip
"""Stems of features with a sign that differ among shops more than the trade knows, of faults that
linked customers can make by hand, of reasons that in made worlds only abusers change, of how often
somebody asks back, and of who shares a thing without a finding."""
CONTEXT = (
    "reason_", "type_", "claims_received", "text_specificity", "claim_parcel_left",
    "claim_hours_delivery_to_request",
    "own_return_arrived", "own_return_without_weight", "own_return_weight_ratio",
    "own_return_against_catalogue", "sent_against_catalogue", "inspected_incomplete",
    "merchant_proof", "claim_missing_after_delivery", "claim_denied_after_delivery",
    "courier_missing_share", "courier_loss_share",
)  # fmt: skip
"""Stems of features without a sign that say what a request is about."""


def starter_features() -> list[Feature]:
    """The features a starter may read, at most `MOST`, in the order of the catalogue."""
    found = [f for f in catalogue() if not f.retired and _is_input(f)]
    if len(found) > MOST:
        raise ValueError(f"a starter reads at most {MOST} features, not {len(found)}")
    return found


def _is_input(feature: Feature) -> bool:
    if feature.monotone:
        return not feature.name.startswith(HABITS)
    return feature.name.startswith(CONTEXT)
