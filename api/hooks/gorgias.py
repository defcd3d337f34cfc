"""Gorgias HTTP integrations: a secret header, and a body that the user templates."""

from api.hooks import token
from api.hooks.system import System

SYSTEM = System("gorgias", token.verify, token.messages)
