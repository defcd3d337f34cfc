"""Both images of `compose.yaml` as their locks have them: part of `make examine`."""

from __future__ import annotations

from pathlib import Path

from tests.engines.composed import check_composed, empty_database, installed


def test_the_composed_services_decide(postgresql_url: str, tmp_path: Path) -> None:
    serving, analysing = (installed(lock, tmp_path / lock) for lock in ("serve", "runtime"))
    check_composed(serving, analysing, empty_database(postgresql_url), tmp_path)
