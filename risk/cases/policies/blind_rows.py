"""Which cases are found out blind: as the policy of their decision says, drawn with the key."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from risk.cases.policies.blind import SHARE, is_drawn
from risk.cases.policies.review_policy import review_of
from risk.history.published_models import policy_content
from risk.history.schema.schema_cases import cases
from risk.history.schema.schema_decisions import decisions


def is_blind(connection: sa.Connection, key: bytes, refund_id: str) -> bool:
    """Whether tier, probability, contributions and links of a case stay hidden until it is closed:
    as the policy of its decision says."""
    return refund_id in blind_cases(connection, key, [refund_id])


def blind_cases(connection: sa.Connection, key: bytes, refund_ids: Collection[str]) -> set[str]:
    """Those of these requests whose case is, or was, found out blind."""
    found = connection.execute(_VERSIONS, {"refunds": list(refund_ids)})
    versions = {row.refund_id: row.policy_version for row in found}
    shares = _shares(connection, {version for version in versions.values() if version})
    return {
        refund_id
        for refund_id, version in versions.items()
        if is_drawn(refund_id, key, shares.get(version, SHARE))
    }


_VERSIONS = (
    sa.select(cases.c.refund_id, decisions.c.policy_version)
    .join_from(cases, decisions, decisions.c.decision_id == cases.c.decision_id, isouter=True)
    .where(cases.c.refund_id.in_(sa.bindparam("refunds", expanding=True)))
)


def _shares(connection: sa.Connection, versions: Collection[str]) -> dict[str, float]:
    contents = {name: policy_content(connection, name) for name in versions}
    found = {name: review_of(content) for name, content in contents.items() if content}
    return {name: one.blind_share for name, one in found.items() if one}
