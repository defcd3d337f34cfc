"""Secrets of hooks: read again only by the store's own key, and only at their own place."""

from __future__ import annotations

import pytest

from risk.errors import Forbidden
from risk.history.envelope import Seal
from risk.history.store import History


def test_what_is_sealed_is_read_again_and_nowhere_in_the_seal() -> None:
    seal = Seal(b"a key of the store")
    sealed = seal.close("whsec_unmistakable", "rcv_1")
    assert seal.open(sealed, "rcv_1") == "whsec_unmistakable"
    assert b"unmistakable" not in sealed
    assert seal.close("whsec_unmistakable", "rcv_1") != sealed


@pytest.mark.parametrize(("key", "place"), [(b"another", "rcv_1"), (b"a key", "rcv_2")])
def test_another_key_or_place_reads_nothing(key: bytes, place: str) -> None:
    sealed = Seal(b"a key").close("a secret", "rcv_1")
    with pytest.raises(Forbidden, match=place):
        Seal(key).open(sealed, place)


def test_a_changed_byte_is_noticed() -> None:
    seal = Seal(b"a key")
    sealed = bytearray(seal.close("a secret", "rcv_1"))
    sealed[-1] ^= 1
    with pytest.raises(Forbidden):
        seal.open(bytes(sealed), "rcv_1")


def test_a_store_has_a_key_for_each_purpose(history: History) -> None:
    assert len({history.audit_key, history.seal_key}) == 2
    sealed = Seal(history.seal_key).close("a secret", "here")
    with pytest.raises(Forbidden):
        Seal(history.audit_key).open(sealed, "here")
