"""The systems that can push to us, by name."""

from __future__ import annotations

from api.hooks import doudian, freshdesk, generic, gorgias, shopify, zendesk
from api.hooks.system import System

SYSTEMS: dict[str, System] = {
    module.SYSTEM.name: module.SYSTEM
    for module in (doudian, freshdesk, generic, gorgias, shopify, zendesk)
}
