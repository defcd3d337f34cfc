"""Gorgias HTTP integrations: a secret header, and a body that the user templates."""

from risk.webhooks.systems import secret_header
from risk.webhooks.systems.system import System

SYSTEM = System("gorgias", secret_header.verify, secret_header.messages, explains=True)
