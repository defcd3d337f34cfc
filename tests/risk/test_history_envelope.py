"""Secrets of hooks: read again only by the store's own key, and only at their own place."""

from __future__ import annotations

import pytest

from risk.errors import Forbidden
from risk.history.envelope import SecretCipher
from risk.history.store import History


def test_what_is_encrypted_is_read_again_and_nowhere_in_the_ciphertext() -> None:
    cipher = SecretCipher(b"a key of the store")
    encrypted = cipher.encrypt("whsec_unmistakable", "rcv_1")
    assert cipher.decrypt(encrypted, "rcv_1") == "whsec_unmistakable"
    assert b"unmistakable" not in encrypted
    assert cipher.encrypt("whsec_unmistakable", "rcv_1") != encrypted


@pytest.mark.parametrize(("key", "place"), [(b"another", "rcv_1"), (b"a key", "rcv_2")])
def test_another_key_or_place_reads_nothing(key: bytes, place: str) -> None:
    encrypted = SecretCipher(b"a key").encrypt("a secret", "rcv_1")
    with pytest.raises(Forbidden, match=place):
        SecretCipher(key).decrypt(encrypted, place)


def test_a_changed_byte_is_noticed() -> None:
    cipher = SecretCipher(b"a key")
    encrypted = bytearray(cipher.encrypt("a secret", "rcv_1"))
    encrypted[-1] ^= 1
    with pytest.raises(Forbidden):
        cipher.decrypt(bytes(encrypted), "rcv_1")


def test_a_store_has_a_key_for_each_purpose(history: History) -> None:
    assert len({history.audit_key, history.envelope_key}) == 2
    encrypted = SecretCipher(history.envelope_key).encrypt("a secret", "here")
    with pytest.raises(Forbidden):
        SecretCipher(history.audit_key).decrypt(encrypted, "here")
