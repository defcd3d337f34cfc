"""The circuit breaker of the readiness check, shared by processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.store_health import CircuitBreaker


@pytest.mark.parametrize("shared", [True, False])
def test_the_breaker_stays_open_until_a_write_went_well(tmp_path: Path, shared: bool) -> None:
    breaker = CircuitBreaker(tmp_path if shared else None)
    assert breaker.opened_at() is None
    breaker.open()
    first = breaker.opened_at()
    breaker.open()
    second = breaker.opened_at()
    assert first is not None
    assert second is not None
    assert second > first
    breaker.close(first)
    assert breaker.opened_at() == second
    breaker.close(second)
    assert breaker.opened_at() is None


def test_what_one_process_met_the_others_know(tmp_path: Path) -> None:
    one, other, elsewhere = CircuitBreaker(tmp_path), CircuitBreaker(tmp_path), CircuitBreaker(None)
    one.open()
    assert other.opened_at() == one.opened_at()
    assert elsewhere.opened_at() is None
    since = other.opened_at()
    assert since is not None
    other.close(since)
    assert (one.opened_at(), other.opened_at()) == (None, None)


def test_a_folder_that_is_gone_leaves_each_its_own(tmp_path: Path) -> None:
    one, other = CircuitBreaker(tmp_path / "gone"), CircuitBreaker(tmp_path / "gone")
    one.open()
    assert one.opened_at() is not None
    assert other.opened_at() is None
