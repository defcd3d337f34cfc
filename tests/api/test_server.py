"""The process that serves: what it keeps from the collector of cyclic garbage."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from stores import new_store

from api.server import serving_app


def test_what_is_there_from_the_start_is_not_gone_through_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = "a secret for tests of the server only"
    new_store(tmp_path / "store.db", secret).close()
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", f"sqlite:///{tmp_path}/store.db")
    monkeypatch.setenv("REFUND_RISK_SECRET", secret)
    try:
        app = serving_app()
        assert gc.get_freeze_count() > 10_000
        assert not any(one is app for one in gc.get_objects())
    finally:
        gc.unfreeze()
    app.state.service.history.close()
