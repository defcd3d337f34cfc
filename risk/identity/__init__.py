"""Identities (addresses, phones, cards, devices): their normal forms and keyed hashes."""

from risk.identity.address_key import door_key
from risk.identity.hasher import NORMALISER_VERSION, NORMALISERS, Hasher, normalise
from risk.identity.suppression import Forgotten, SuppressionEntry

__all__ = [
    "NORMALISERS",
    "NORMALISER_VERSION",
    "Forgotten",
    "Hasher",
    "SuppressionEntry",
    "door_key",
    "normalise",
]
