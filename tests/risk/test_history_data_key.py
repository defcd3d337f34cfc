"""The data key of a store: one for its life, wrapped by a secret that can be changed."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from risk.errors import Forbidden
from risk.history.data_key import data_key, rotate
from risk.history.schema.schema_access import wrapped_keys
from risk.history.store import History

SECRET, OTHER = "the first secret", "the second secret"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


def hashed(url: str, secret: str) -> tuple[int | None, bytes]:
    """What an identity and the audit draw hang on, in a store opened with a secret."""
    history = History.open(url, secret)
    found = history.hasher.of("phone", "13800000000"), history.audit_key
    history.close()
    return found


def test_a_key_is_made_once_and_lasts(url: str) -> None:
    first = hashed(url, SECRET)
    assert first[0] is not None
    assert hashed(url, SECRET) == first


def test_two_stores_hash_differently_under_one_secret(tmp_path: Path) -> None:
    made = [hashed(f"sqlite:///{tmp_path}/{name}.db", SECRET) for name in ("a", "b")]
    assert made[0][0] != made[1][0]
    assert made[0][1] != made[1][1]


@pytest.mark.parametrize("wrong", [OTHER, "", SECRET + " ", SECRET[:-1]])
def test_another_secret_is_refused(url: str, wrong: str) -> None:
    kept = hashed(url, SECRET)
    with pytest.raises(Forbidden, match="REFUND_RISK_SECRET"):
        History.open(url, wrong)
    assert hashed(url, SECRET) == kept


def test_after_a_rotation_every_hash_is_what_it_was(url: str) -> None:
    kept = hashed(url, SECRET)
    history = History.open(url, SECRET)
    with history.write() as write:
        rotate(write.connection, SECRET, OTHER)
    history.close()
    assert hashed(url, OTHER) == kept
    with pytest.raises(Forbidden):
        History.open(url, SECRET)


def test_nobody_rotates_without_the_secret(url: str) -> None:
    kept = hashed(url, SECRET)
    history = History.open(url, SECRET)
    with pytest.raises(Forbidden), history.write() as write:
        rotate(write.connection, OTHER, "a third")
    history.close()
    assert hashed(url, SECRET) == kept


def test_the_key_itself_is_nowhere_in_the_store(url: str, tmp_path: Path) -> None:
    history = History.open(url, SECRET)
    with history.write() as write:
        key = data_key(write.connection, SECRET)
        wrapped = write.connection.execute(sa.select(wrapped_keys.c.value)).scalars().all()
    history.close()
    assert len(key) == 32
    assert key not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(wrapped) == 1


def test_a_changed_byte_of_the_wrapped_key_is_refused(url: str) -> None:
    history = History.open(url, SECRET)
    with history.write() as write:
        wrapped = bytes(write.connection.execute(sa.select(wrapped_keys.c.value)).scalar_one())
        spoilt = bytes([wrapped[0] ^ 1]) + wrapped[1:]
        write.connection.execute(sa.update(wrapped_keys).values(value=spoilt))
    history.close()
    with pytest.raises(Forbidden):
        History.open(url, SECRET)


@pytest.mark.parametrize("weak", ["", "x", "a" * 15])
def test_a_weak_secret_makes_no_store(url: str, weak: str) -> None:
    with pytest.raises(Forbidden, match="16 characters or more"):
        History.open(url, weak)
    kept = hashed(url, SECRET)
    history = History.open(url, SECRET)
    with history.write() as write, pytest.raises(Forbidden, match="16 characters or more"):
        rotate(write.connection, SECRET, weak)
    history.close()
    assert hashed(url, SECRET) == kept
