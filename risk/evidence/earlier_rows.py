"""Rows of the first files that showed the pictures of later ones, and what those are about."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from risk.facts import EVIDENCE, FILES
from risk.history.schema import FACTS, latest, requests
from risk.history.schema.schema_files import kept_files


def first_files(connection: sa.Connection, pictures: Collection[int]) -> list[dict[str, Any]]:
    """Of each of these pictures the file that showed it first, with what it is evidence of."""
    files, evidence = FACTS[FILES.name], FACTS[EVIDENCE.name]
    read = (
        files.c.picture, files.c.evidence_id, files.c.fingerprints, files.c.made_at, files.c.clock,
        evidence.c.submitted_at, requests.c.refund_id, requests.c.customer_id, requests.c.sku,
        requests.c.merchant_id, kept_files.c.digest.is_not(None).label("kept"),
    )  # fmt: skip
    query = (
        sa.select(*read)
        .join(evidence, evidence.c.evidence_id == files.c.evidence_id)
        .join(requests, requests.c.refund_id == evidence.c.refund_id)
        .join(kept_files, kept_files.c.digest == files.c.digest, isouter=True)
        .where(files.c.picture.in_(sorted(pictures)), files.c.copied.is_(None))
        .where(latest(files), latest(evidence), latest(requests))
        .order_by(files.c.known_at, files.c.fact_key)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
