"""The doubt in the store that processes share."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.store_health import Doubt


@pytest.mark.parametrize("shared", [True, False])
def test_a_doubt_lasts_until_a_write_went_well(tmp_path: Path, shared: bool) -> None:
    doubt = Doubt(tmp_path if shared else None)
    assert doubt.since() is None
    doubt.begin()
    first = doubt.since()
    doubt.begin()
    second = doubt.since()
    assert first is not None
    assert second is not None
    assert second > first
    doubt.end(first)
    assert doubt.since() == second
    doubt.end(second)
    assert doubt.since() is None


def test_what_one_process_met_the_others_know(tmp_path: Path) -> None:
    one, other, elsewhere = Doubt(tmp_path), Doubt(tmp_path), Doubt(None)
    one.begin()
    assert other.since() == one.since()
    assert elsewhere.since() is None
    since = other.since()
    assert since is not None
    other.end(since)
    assert (one.since(), other.since()) == (None, None)


def test_a_folder_that_is_gone_leaves_each_its_own(tmp_path: Path) -> None:
    one, other = Doubt(tmp_path / "gone"), Doubt(tmp_path / "gone")
    one.begin()
    assert one.since() is not None
    assert other.since() is None
