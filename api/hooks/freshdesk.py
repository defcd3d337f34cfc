"""Freshdesk automations: a secret header, and a body that the rule's author writes."""

from api.hooks import token
from api.hooks.system import System

SYSTEM = System("freshdesk", token.verify, token.messages)
