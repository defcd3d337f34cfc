"""Keyed hashes of identities: stored in place of addresses, phones, cards and devices."""

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from types import MappingProxyType

from risk.identity import normalisers
from risk.identity.address_key import door_key
from risk.identity.normalisers import Normaliser
from risk.identity.suppression import SuppressionList

NORMALISER_VERSION = 1
"""Part of every hash: raise it whenever a normaliser answers differently."""

CACHED_WORDS = 65_536

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

    >>> normalise("tracking", "SF 1234-5678-90")
    'sf1234567890'
    """
    return NORMALISERS[kind](raw)


class Hasher:
    """Hashes identities to signed 64-bit integers; only the holder of the key can make them.

    The hash is keyed BLAKE2b (RFC 7693) over kind, normaliser version and normalised value. Reading
    an address is costly and addresses repeat, so the latest `cached_addresses` keys are cached.
    `suppression_list` holds the customers whose facts must not come in under their ids.

    >>> hasher = Hasher(b"a key")
    >>> hasher.of("phone", "+86 138-1234-5678") == hasher.of("phone", "13812345678")
    True
    >>> hasher.of("phone", "n/a") is None
    True
    """

    __slots__ = ("_normalisers", "_started", "bucket", "suppression_list")

    def __init__(self, key: bytes, *, cached_addresses: int = 65_536) -> None:
        """Raises ValueError for an empty key."""
        if not key:
            raise ValueError("an identity hash needs a key")
        short = key if len(key) <= 64 else blake2b(key).digest()
        self.suppression_list = SuppressionList(short)
        self._started = {
            kind: blake2b(f"{kind}\0{NORMALISER_VERSION}\0".encode(), digest_size=8, key=short)
            for kind in NORMALISERS
        }
        cached: Normaliser = lru_cache(maxsize=cached_addresses)(door_key)
        self.bucket: Callable[[str], str] = _buckets(short)
        self._normalisers: dict[str, Normaliser] = {**NORMALISERS, "door": cached}

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


def _buckets(key: bytes) -> Callable[[str], str]:
    """A function giving the bucket of a word, as four hexadecimal digits: several words share one,
    so that it tells no word for sure, not even to the holder of the key."""
    started = blake2b(b"word\0", digest_size=2, key=key)

    @lru_cache(maxsize=CACHED_WORDS)
    def bucket(word: str) -> str:
        state = started.copy()
        state.update(word.encode("utf-8", "surrogatepass"))
        return state.hexdigest()

    return bucket
