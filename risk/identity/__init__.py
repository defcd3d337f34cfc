"""Identities (addresses, phones, cards, devices): their normal forms and keyed hashes."""

from risk.identity.address_key import door_key
from risk.identity.hasher import NORMALISER_VERSION, NORMALISERS, Hasher, normalise
from risk.identity.suppression import ID_TYPES, SuppressionEntry, SuppressionList

__all__ = [
    "ID_TYPES",
    "NORMALISERS",
    "NORMALISER_VERSION",
    "Hasher",
    "SuppressionEntry",
    "SuppressionList",
    "door_key",
    "normalise",
]
