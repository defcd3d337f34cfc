"""Who is meant by an address, a phone, a card: normalised and key-hashed at the door."""

from risk.identity.door import door
from risk.identity.forgotten import Entry, Forgotten
from risk.identity.hasher import NORMALISER_VERSION, NORMALISERS, Hasher, normalise

__all__ = [
    "NORMALISERS",
    "NORMALISER_VERSION",
    "Entry",
    "Forgotten",
    "Hasher",
    "door",
    "normalise",
]
