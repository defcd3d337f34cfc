"""Identities become keyed hashes here, and nothing raw goes further."""

from functools import lru_cache
from hashlib import blake2b
from types import MappingProxyType

from risk.identity import normalisers
from risk.identity.address_key import door_key
from risk.identity.normalisers import Normaliser
from risk.identity.suppression import Forgotten

NORMALISER_VERSION = 1
"""Part of every hash: raise it whenever a normaliser answers differently."""

NORMALISERS: MappingProxyType[str, Normaliser] = MappingProxyType(
    {
        "address": normalisers.address,
        "door": door_key,
        "payment": normalisers.token,
        "device": normalisers.token,
        "phone": normalisers.phone,
        "ip": normalisers.ip,
        "payout": normalisers.token,
        "tracking": normalisers.token,
        "photo": normalisers.photo,
        "text": normalisers.token,
    }
)


def normalise(kind: str, raw: str) -> str | None:
    """The canonical spelling of an identity, or None if nothing of it is left.

    `kind` is a key of `NORMALISERS`; any other raises KeyError.
    """
    return NORMALISERS[kind](raw)


class Hasher:
    """Turns identities into signed 64-bit integers that only the holder of the key can make.

    The hash is BLAKE2b (RFC 7693, keyed) over kind, normaliser version and normalised value.
    Doors are costly to read and come in runs, so the latest `doors` of them are remembered.
    `forgotten` is the list of those whose facts must not come in under their names.
    """

    __slots__ = ("_normalisers", "_started", "forgotten")

    def __init__(self, key: bytes, *, doors: int = 65_536) -> None:
        """Raises ValueError for an empty key."""
        if not key:
            raise ValueError("an identity hash needs a key")
        short = key if len(key) <= 64 else blake2b(key).digest()
        self.forgotten = Forgotten(short)
        self._started = {
            kind: blake2b(f"{kind}\0{NORMALISER_VERSION}\0".encode(), digest_size=8, key=short)
            for kind in NORMALISERS
        }
        remembered: Normaliser = lru_cache(maxsize=doors)(door_key)
        self._normalisers: dict[str, Normaliser] = {**NORMALISERS, "door": remembered}

    def of(self, kind: str, raw: str | None) -> int | None:
        """The hash of one identity; None for none. Raises KeyError for an unknown kind."""
        if not raw:
            return None
        value = self._normalisers[kind](raw)
        if value is None:
            return None
        state = self._started[kind].copy()
        state.update(value.encode("utf-8", "surrogatepass"))
        return int.from_bytes(state.digest(), "big", signed=True)
