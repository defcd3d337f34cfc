"""The share of cases that are found out without score and links, so that both can be judged.

Which cases they are is drawn with the store's key: nobody can tell from an id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from functools import lru_cache

import sqlalchemy as sa

from risk import policy
from risk.errors import PolicyRefused
from risk.history.schema_cases import cases
from risk.history.schema_decisions import decisions
from risk.history.schema_models import policies

SHARE = 0.1
"""So many of a hundred cases where the policy of their decision says nothing."""

_BYTES = 8


def is_drawn(refund_id: str, key: bytes, share: float) -> bool:
    """Whether a case is one of the share, by the draw of its request and the store's key.

    >>> sum(is_drawn(f"R-{n}", b"a key", 0.1) for n in range(10_000))
    1003
    >>> is_drawn("R-1", b"a key", 0.0), is_drawn("R-1", b"a key", 1.0)
    (False, True)
    """
    digest = hashlib.blake2b(
        refund_id.encode(), key=key[:64], digest_size=_BYTES, person=b"blind case"
    ).digest()
    return bool(int.from_bytes(digest) < share * 256**_BYTES)


def is_blind(connection: sa.Connection, key: bytes, refund_id: str) -> bool:
    """Whether tier, probability, contributions and links of a case stay hidden until it is closed:
    as the policy of its decision says."""
    return refund_id in blind_cases(connection, key, [refund_id])


def blind_cases(connection: sa.Connection, key: bytes, refund_ids: Collection[str]) -> set[str]:
    """Those of these requests whose case is, or was, found out blind."""
    query = (
        sa.select(cases.c.refund_id, decisions.c.policy_version)
        .join_from(cases, decisions, decisions.c.decision_id == cases.c.decision_id, isouter=True)
        .where(cases.c.refund_id.in_(refund_ids))
    )
    versions = {row.refund_id: row.policy_version for row in connection.execute(query)}
    shares = _shares(connection, {version for version in versions.values() if version})
    return {
        refund_id
        for refund_id, version in versions.items()
        if is_drawn(refund_id, key, shares.get(version, SHARE))
    }


def _shares(connection: sa.Connection, versions: Collection[str]) -> dict[str, float]:
    query = sa.select(policies.c.version, policies.c.content)
    rows = connection.execute(query.where(policies.c.version.in_(versions)))
    return {row.version: _share(row.content) for row in rows}


@lru_cache(maxsize=8)
def _share(content: str) -> float:
    try:
        review = policy.parse_stored(content).review
    except PolicyRefused:
        return SHARE
    return SHARE if review is None else review.blind_share
