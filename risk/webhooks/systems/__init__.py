"""The systems that can push to us, by name: one mapping table each, and how they sign."""

from __future__ import annotations

from risk.webhooks.systems import doudian, generic, shopify, zendesk
from risk.webhooks.systems.secret_header import secret_header_system
from risk.webhooks.systems.signed import signed_system
from risk.webhooks.systems.system import System

OF_THEIR_OWN = (doudian, generic, shopify, zendesk)
BY_SECRET_HEADER = ("freshdesk", "gorgias")
"""Systems that sign nothing: automations of Freshdesk, HTTP integrations of Gorgias."""
BY_TABLE = ("adyen", "hubspot", "intercom", "signed", "stripe", "woocommerce")
"""Systems whose tables say how they sign."""

_ALL = (
    *(module.SYSTEM for module in OF_THEIR_OWN),
    *map(secret_header_system, BY_SECRET_HEADER),
    *map(signed_system, BY_TABLE),
)
SYSTEMS: dict[str, System] = {one.name: one for one in sorted(_ALL, key=lambda one: one.name)}
