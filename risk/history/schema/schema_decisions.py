"""The table of decisions, append-only: what each answered and what it rested on."""

from __future__ import annotations

import sqlalchemy as sa

from risk.history.schema import Text, index, metadata

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("decision_id", Text, primary_key=True),
    sa.Column("refund_id", Text, nullable=False),
    sa.Column("as_of", sa.BigInteger, nullable=False),
    sa.Column("settled", sa.BigInteger),
    sa.Column("decided_at", sa.BigInteger, nullable=False),
    sa.Column("commit_no", sa.BigInteger, nullable=False),
    sa.Column("stage", Text, nullable=False),
    sa.Column("tier", Text, nullable=False),
    sa.Column("probability", sa.Double, nullable=False),
    sa.Column("model_version", Text, nullable=False),
    sa.Column("model_digest", Text, nullable=False),
    sa.Column("policy_version", Text, nullable=False),
    sa.Column("request_digest", sa.BigInteger),
    sa.Column("audit_draw", sa.Double, nullable=False),
    sa.Column("runtime", Text, nullable=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sa.Column("situation", Text, nullable=False),
    sa.Column("body", Text, nullable=False),
)
index(decisions, "refund_id", "as_of")
index(decisions, "decided_at")
sa.Index("ux_decisions_request_digest", decisions.c.request_digest, unique=True)

_ASKED = decisions.c.tier == "request_evidence"
_CUSTOMER = decisions.c.body.contains('"from":"customer"')
_NOBODY = decisions.c.body.contains('"required_evidence":[]')
bothered = sa.or_(
    decisions.c.tier == "platform_intervention", sa.and_(_ASKED, sa.or_(_CUSTOMER, _NOBODY))
)
"""Whether a decision of this release or an earlier one bothers its customer: what
`risk.policy.bothers` says, of the body as it is stored."""
