"""Files and pictures of a case, and who gave the same picture first, as plain SQL over the facts.

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


def _joined(others: Sequence[str] = (), own: Sequence[str] = ("f", "v")) -> str:
    """What every row has besides: its fact, when it is known and when it holds.

    The case sees its own file and evidence at the moment they are known, those of `others` a
    millisecond later.
    """

    def of(column: str) -> list[str]:
        return [f"{row}.{column}" for row in own] + [f"{row}.{column} + 1" for row in others]

    return (
        f"{own[0]}.fact_key, {own[0]}.corrects, {_best(of('known_at'), '>=')} AS known_at, "
        f"{_best(of('valid_from'), '>=')} AS valid_from, {_best(of('valid_to'), '<=')} AS valid_to"
    )


CASE_FILES = f"""(SELECT j.* FROM (SELECT v.refund_id, v.submitted_by, f.evidence_id, f.media_type,
    f.made_by, f.credentials, f.picture, {_joined()}
  FROM files f JOIN evidence v ON v.evidence_id = f.evidence_id
  WHERE v.refund_id IS NOT NULL) j WHERE j.valid_from < j.valid_to)"""
"""Files by the request that their evidence is about."""

_FIRST = ", ".join((
    "w.submitted_by AS first_by", "q.customer_id AS first_customer", "q.sku AS first_sku",
    *(f"q.{name} AS first_{name}" for name in UNRELATED),
))  # fmt: skip
COPIES = f"""(SELECT j.* FROM (SELECT v.refund_id, v.submitted_by, f.evidence_id,
    {_FIRST},
    {_joined(("o", "w", "q"))}
  FROM files f JOIN evidence v ON v.evidence_id = f.evidence_id
  JOIN files o ON o.picture = f.copied AND o.copied IS NULL
  JOIN evidence w ON w.evidence_id = o.evidence_id
  JOIN requests q ON q.refund_id = w.refund_id
  WHERE v.refund_id IS NOT NULL AND w.refund_id <> v.refund_id) j WHERE j.valid_from < j.valid_to)"""
"""Files of a request with who gave their picture first, for another request. Who was first has no
such row, whoever comes later."""

_STATED = "{row}.submitted_by = 'customer' AND {row}.valid_from = 0"
"""As a customer first stated it, which no later fact changes."""
REUSES = f"""(SELECT j.* FROM (SELECT v.refund_id, v.submitted_by, v.evidence_id, {_FIRST},
    {_joined(("w", "q"), ("v",))}
  FROM evidence v JOIN evidence w ON w.photo = v.photo AND {_STATED.format(row="w")}
  JOIN requests q ON q.refund_id = w.refund_id
  WHERE v.refund_id IS NOT NULL AND w.refund_id <> v.refund_id AND w.known_at < v.known_at
    AND w.known_at = (SELECT MIN(x.known_at) FROM evidence x
      WHERE x.photo = v.photo AND {_STATED.format(row="x")})) j WHERE j.valid_from < j.valid_to)"""
"""The same by the hash that came with the evidence, whether or not the file did. Where the first use
was corrected or taken back, nobody took the place of its customer."""

OF_FILES = (
    ("files", "case_files", CASE_FILES, ("files", "evidence")),
    ("copies", "copies", COPIES, ("files", "evidence", "orders", "refunds")),
    ("reuses", "reuses", REUSES, ("evidence", "orders", "refunds")),
)
"""The groups by name, with their source, their rows, and the tables these are made of."""
