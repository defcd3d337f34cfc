"""Freshdesk automations: a secret header, and a body that the rule's author writes."""

from risk.webhooks.systems import secret_header
from risk.webhooks.systems.system import System

SYSTEM = System("freshdesk", secret_header.verify, secret_header.messages, explains=True)
