"""The systems that can push to us, by name: one file and one mapping table each."""

from __future__ import annotations

from risk.webhooks.systems import doudian, freshdesk, generic, gorgias, shopify, zendesk
from risk.webhooks.systems.system import System

SYSTEMS: dict[str, System] = {
    module.SYSTEM.name: module.SYSTEM
    for module in (doudian, freshdesk, generic, gorgias, shopify, zendesk)
}
