"""Settings from the environment, read once at start and passed on."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from risk.errors import Forbidden
from risk.linked_file import make_once

SECRET_FILE = Path(".secret")

FILES_URL = "data/files"
"""Files of evidence are kept in this folder, where nobody says otherwise."""

FILE_MEGABYTES = 25
"""So large a file of evidence may be, where nobody says otherwise."""

INBOX_DAYS = 7
"""For so long what was pushed is kept, where nobody says otherwise."""

UNDO_SECONDS = 10
"""For so long a finding can be undone, where nobody says otherwise."""

MOST_UNDO_SECONDS = 600

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
"""An identity provider may be asked by plain http on these."""


@dataclass(frozen=True, slots=True)
class SignOnSettings:
    """The identity provider of the console: `REFUND_RISK_OIDC_ISSUER`, `…_CLIENT_ID`,
    `…_CLIENT_SECRET` (none for a public client), `…_CLAIM`, `…_PROVISION` (`reviewer`).

    `claim` of the ID token is the login name; `provision` makes accounts that are not there.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = "email"
    provision: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> SignOnSettings | None:
        """The settings; None where no issuer is set. Raises ValueError for what cannot be meant."""
        issuer = env.get("REFUND_RISK_OIDC_ISSUER")
        if not issuer:
            return None
        if not _may_be_issuer(issuer):
            raise ValueError("REFUND_RISK_OIDC_ISSUER: an https address")
        client_id = env.get("REFUND_RISK_OIDC_CLIENT_ID")
        if not client_id:
            raise ValueError("REFUND_RISK_OIDC_CLIENT_ID: the id of this client at the provider")
        provision = env.get("REFUND_RISK_OIDC_PROVISION", "")
        if provision not in ("", "reviewer"):
            raise ValueError("REFUND_RISK_OIDC_PROVISION: reviewer, or nothing")
        return cls(
            issuer,
            client_id,
            env.get("REFUND_RISK_OIDC_CLIENT_SECRET", ""),
            env.get("REFUND_RISK_OIDC_CLAIM") or "email",
            bool(provision),
        )


def _may_be_issuer(address: str) -> bool:
    """Whether an address is https, or plain http to this machine; without a user in it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS)


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation sets for itself.

    `secret` wraps the store's data key; without `REFUND_RISK_SECRET` one is created in `.secret`,
    outside `data/` and readable by its owner only. `free_text_days` is the retention of free text
    (`REFUND_RISK_KEEP_WORDS_DAYS`); None keeps it. `inbox_days` is the retention of what was pushed
    (`REFUND_RISK_KEEP_INBOX_DAYS`). `files_url` is where files of evidence are kept
    (`REFUND_RISK_FILES_URL`), `file_megabytes` how large one may be. `second_factor`
    (`REFUND_RISK_SECOND_FACTOR=administrators`) lets administrators act as such only with more than
    a password. `undo_seconds` (`REFUND_RISK_UNDO_SECONDS`) is how long a finding of the console can
    be undone before it is stored. `replica_url` (`REFUND_RISK_REPLICA_URL`) is a replica of the
    store, from which commands and the console's overview read facts in bulk.
    """

    database_url: str
    tracking_uri: str
    artifacts: Path
    secret: str
    policy: Path | None
    free_text_days: int | None = None
    inbox_days: int = INBOX_DAYS
    files_url: str = FILES_URL
    file_megabytes: int = FILE_MEGABYTES
    sign_on: SignOnSettings | None = None
    second_factor: bool = False
    undo_seconds: int = UNDO_SECONDS
    replica_url: str | None = None

    @property
    def datasets(self) -> Path:
        """The folder of cached data sets, beside MLflow's artifacts."""
        return self.artifacts.with_name("datasets")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment. Raises ValueError for an invalid number.

        >>> read = Settings.from_env({"REFUND_RISK_SECRET": "s", "REFUND_RISK_POLICY": "p.toml"})
        >>> read.database_url, read.policy.name
        ('sqlite:///data/refund-risk.db', 'p.toml')
        """
        env = os.environ if environ is None else environ
        policy = env.get("REFUND_RISK_POLICY")
        tracking_uri = env.get("MLFLOW_TRACKING_URI") or "sqlite:///data/mlflow.db"
        return cls(
            database_url=env.get("REFUND_RISK_DATABASE_URL") or "sqlite:///data/refund-risk.db",
            tracking_uri=tracking_uri,
            artifacts=Path(env.get("REFUND_RISK_ARTIFACTS") or _beside(tracking_uri)),
            secret=env.get("REFUND_RISK_SECRET") or _secret_from_file(SECRET_FILE),
            policy=Path(policy) if policy else None,
            free_text_days=_days(env, "REFUND_RISK_KEEP_WORDS_DAYS"),
            inbox_days=_days(env, "REFUND_RISK_KEEP_INBOX_DAYS") or INBOX_DAYS,
            files_url=env.get("REFUND_RISK_FILES_URL") or FILES_URL,
            file_megabytes=_whole(env, "REFUND_RISK_FILE_MEGABYTES", "megabytes") or FILE_MEGABYTES,
            sign_on=SignOnSettings.from_env(env),
            second_factor=_second_factor(env),
            undo_seconds=_undo_seconds(env),
            replica_url=env.get("REFUND_RISK_REPLICA_URL") or None,
        )


def _beside(tracking_uri: str) -> Path:
    """The folder of artifacts beside MLflow's file, or in `data/` where it is a server."""
    prefix, _, file = tracking_uri.partition(":///")
    return (Path(file) if prefix == "sqlite" else Path("data/mlflow.db")).with_name("mlartifacts")


def _second_factor(env: Mapping[str, str]) -> bool:
    wanted = env.get("REFUND_RISK_SECOND_FACTOR", "")
    if wanted not in ("", "administrators"):
        raise ValueError("REFUND_RISK_SECOND_FACTOR: administrators, or nothing")
    return bool(wanted)


def _undo_seconds(env: Mapping[str, str]) -> int:
    text = env.get("REFUND_RISK_UNDO_SECONDS") or str(UNDO_SECONDS)
    if not text.isdecimal() or int(text) > MOST_UNDO_SECONDS:
        raise ValueError(f"REFUND_RISK_UNDO_SECONDS: a whole number, at most {MOST_UNDO_SECONDS}")
    return int(text)


def _days(env: Mapping[str, str], name: str) -> int | None:
    return _whole(env, name, "days")


def _whole(env: Mapping[str, str], name: str, unit: str) -> int | None:
    text = env.get(name)
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{name}: a whole number of {unit}, at least 1")
    return int(text)


def _secret_from_file(path: Path) -> str:
    """The secret in the file, which is created on first use and never overwritten.

    Raises Forbidden for an empty file.
    """
    if not path.exists():
        make_once(path, lambda file: file.write_text(secrets.token_urlsafe(32) + "\n"))
    secret = path.read_text().strip()
    if not secret:
        raise Forbidden(f"{path} holds no secret")
    return secret
