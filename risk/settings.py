"""Where things live: read once from the environment, and passed on."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SECRET_FILE = Path(".secret")


@dataclass(frozen=True, slots=True)
class Settings:
    """The few things a place decides for itself.

    `secret` protects the keys of the identity hashes; without `REFUND_RISK_SECRET` one is made in
    `.secret`, outside `data/` and readable by its owner only.
    """

    database_url: str
    tracking_uri: str
    artifacts: Path
    secret: str
    policy: Path | None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        env = os.environ if environ is None else environ
        policy = env.get("REFUND_RISK_POLICY")
        return cls(
            database_url=env.get("REFUND_RISK_DATABASE_URL") or "sqlite:///data/refund-risk.db",
            tracking_uri=env.get("MLFLOW_TRACKING_URI") or "sqlite:///data/mlflow.db",
            artifacts=Path(env.get("REFUND_RISK_ARTIFACTS") or "data/mlartifacts"),
            secret=env.get("REFUND_RISK_SECRET") or _kept_secret(SECRET_FILE),
            policy=Path(policy) if policy else None,
        )


def _kept_secret(path: Path) -> str:
    """The secret in the file, which is made on first use and never overwritten."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        made = secrets.token_urlsafe(32)
        file.write(made + "\n")
    return made
