"""Where things live, read once; and the secret that is made on first use."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from risk.errors import Forbidden
from risk.settings import SECRET_FILE, Settings


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_an_environment_everything_lies_under_data(here: Path) -> None:
    settings = Settings.from_env({})
    assert settings.database_url == "sqlite:///data/refund-risk.db"
    assert settings.tracking_uri == "sqlite:///data/mlflow.db"
    assert settings.artifacts == Path("data/mlartifacts")
    assert settings.policy is None
    assert [path.name for path in here.iterdir()] == [SECRET_FILE.name]


def test_every_place_is_one_setting(here: Path) -> None:
    settings = Settings.from_env(
        {
            "REFUND_RISK_DATABASE_URL": "postgresql+psycopg://db/risk",
            "MLFLOW_TRACKING_URI": "http://ledger:5000",
            "REFUND_RISK_ARTIFACTS": "files",
            "REFUND_RISK_SECRET": "given",
            "REFUND_RISK_POLICY": "shop.toml",
        }
    )
    assert settings == Settings(
        "postgresql+psycopg://db/risk", "http://ledger:5000", Path("files"), "given",
        Path("shop.toml"),
    )  # fmt: skip
    assert list(here.iterdir()) == []


def test_an_empty_setting_is_none(here: Path) -> None:
    empty = dict.fromkeys(
        ("REFUND_RISK_DATABASE_URL", "MLFLOW_TRACKING_URI", "REFUND_RISK_SECRET",
         "REFUND_RISK_POLICY", "REFUND_RISK_ARTIFACTS"), "",
    )  # fmt: skip
    assert Settings.from_env(empty) == Settings.from_env({})


def test_the_environment_is_read_when_nothing_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFUND_RISK_SECRET", "from outside")
    assert Settings.from_env().secret == "from outside"


def test_the_secret_is_made_once_for_its_owner_only(here: Path) -> None:
    first = Settings.from_env({}).secret
    assert len(first) >= 32
    assert Settings.from_env({}).secret == first
    assert stat.S_IMODE((here / SECRET_FILE).stat().st_mode) == 0o600
    assert [path.name for path in here.iterdir()] == [SECRET_FILE.name]


def test_many_that_start_at_once_agree_on_one_secret(here: Path) -> None:
    for _ in range(20):
        together = Barrier(8)

        def start(_: int, together: Barrier = together) -> str:
            together.wait()
            return Settings.from_env({}).secret

        with ThreadPoolExecutor(8) as pool:
            made = set(pool.map(start, range(8)))
        assert len(made) == 1
        assert len(made.pop()) >= 32
        os.remove(SECRET_FILE)


def test_an_empty_secret_protects_nothing(here: Path) -> None:
    SECRET_FILE.write_text("\n")
    with pytest.raises(Forbidden, match=SECRET_FILE.name):
        Settings.from_env({})


def test_words_are_kept_for_good_unless_days_are_given() -> None:
    env = {"REFUND_RISK_SECRET": "given"}
    assert Settings.from_env(env).free_text_days is None
    given = Settings.from_env({**env, "REFUND_RISK_KEEP_WORDS_DAYS": "180"})
    assert given.free_text_days == 180
    for odd in ("0", "-1", "soon", "1.5"):
        with pytest.raises(ValueError, match="KEEP_WORDS_DAYS"):
            Settings.from_env({**env, "REFUND_RISK_KEEP_WORDS_DAYS": odd})
