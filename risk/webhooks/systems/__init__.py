"""The systems that can push to us, by name: one mapping table each, and how they sign."""

from __future__ import annotations

from risk.webhooks.systems import doudian, freshdesk, generic, gorgias, shopify, zendesk
from risk.webhooks.systems.signed import signed_system
from risk.webhooks.systems.system import System

OF_THEIR_OWN = (doudian, freshdesk, generic, gorgias, shopify, zendesk)
BY_TABLE = ("adyen", "hubspot", "intercom", "signed", "stripe", "woocommerce")
"""Systems whose tables say how they sign."""

SYSTEMS: dict[str, System] = {module.SYSTEM.name: module.SYSTEM for module in OF_THEIR_OWN} | {
    name: signed_system(name) for name in BY_TABLE
}
