"""Files of a case, and the first file that shows the same picture, as plain SQL over the facts.

That two pictures are one was settled when the later file was taken in (`facts.columns.NEARNESS`), so
features only join. A joined row is known when the last of its parts is, and holds while all do.
"""

from __future__ import annotations

from collections.abc import Sequence

UNRELATED = ("address", "door", "payment", "device", "phone", "payout")
"""Who shares one of these with a customer is one household with them."""

CASE_FILE = ("evidence_id", "submitted_by", "media_type", "made_by", "credentials", "picture")
COPY = (
    "evidence_id", "submitted_by", "first_by", "first_customer", "first_sku",
    *(f"first_{name}" for name in UNRELATED),
)  # fmt: skip


def _best(values: Sequence[str], than: str) -> str:
    """The greatest (`than` is `>=`) or least (`<=`) of some values."""
    cases = [
        f"WHEN {' AND '.join(f'{own} {than} {other}' for other in values[n + 1 :])} THEN {own}"
        for n, own in enumerate(values[:-1])
    ]
    return f"CASE {' '.join(cases)} ELSE {values[-1]} END"


def _joined(others: Sequence[str] = ()) -> str:
    """What every row has besides: its fact, when it is known and when it holds.

    The case sees its own file and evidence at the moment they are known, those of `others` a
    millisecond later.
    """

    def of(column: str) -> list[str]:
        own = [f"{row}.{column}" for row in ("f", "v")]
        return own + [f"{row}.{column} + 1" for row in others]

    return (
        f"f.fact_key, f.corrects, {_best(of('known_at'), '>=')} AS known_at, "
        f"{_best(of('valid_from'), '>=')} AS valid_from, {_best(of('valid_to'), '<=')} AS valid_to"
    )


CASE_FILES = f"""(SELECT j.* FROM (SELECT v.refund_id, v.submitted_by, f.evidence_id, f.media_type,
    f.made_by, f.credentials, f.picture, {_joined()}
  FROM files f JOIN evidence v ON v.evidence_id = f.evidence_id
  WHERE v.refund_id IS NOT NULL) j WHERE j.valid_from < j.valid_to)"""
"""Files by the request that their evidence is about."""

COPIES = f"""(SELECT j.* FROM (SELECT v.refund_id, v.submitted_by, f.evidence_id,
    w.submitted_by AS first_by, q.customer_id AS first_customer, q.sku AS first_sku,
    {", ".join(f"q.{name} AS first_{name}" for name in UNRELATED)},
    {_joined(("o", "w", "q"))}
  FROM files f JOIN evidence v ON v.evidence_id = f.evidence_id
  JOIN files o ON o.picture = f.copied AND o.copied IS NULL
  JOIN evidence w ON w.evidence_id = o.evidence_id
  JOIN requests q ON q.refund_id = w.refund_id
  WHERE v.refund_id IS NOT NULL AND w.refund_id <> v.refund_id) j WHERE j.valid_from < j.valid_to)"""
"""Files of a request with who gave their picture first, for another request. Who was first has no
such row, whoever comes later."""

OF_FILES = (
    ("files", "case_files", CASE_FILES, ("files", "evidence")),
    ("copies", "copies", COPIES, ("files", "evidence", "orders", "refunds")),
)
"""The groups by name, with their source, their rows, and the tables these are made of."""
