"""Which finding stands about a request, and the label it gives: the contract's rule.

A finding is an outcome or, where no outcome speaks, an inspection of the returned goods. The rule
is here twice, for one request as `standing` and for whole tables as `STANDING`; tests hold the two
equal on random histories.

What was found without hearing the customer teaches and measures, and counts for nothing else
(`STANDING_HEARD`). A finding of abuse rests while it is appealed: the appeal is stored as an
outcome of `appeal` that is `undetermined`, and stands until the appeal is ruled on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

INSPECTION = "inspection"
AUTHORITY = {INSPECTION: 0, "merchant": 1, "reviewer": 2, "platform": 3, "appeal": 4}
"""Rank of whoever found it: a higher one stands. Outcomes of `system` never count."""

PEOPLE = tuple(name for name in AUTHORITY if name != INSPECTION)
"""The values of `decided_by` that count, lowest authority first."""

BEYOND_THE_SHOP = tuple(name for name in PEOPLE if name != "merchant")
"""Those of them who find for the platform."""

POSITIVE_VERDICTS = ("abuse", "fraud")
FAULT_VERDICTS = ("merchant_fault", "courier_fault")
NEGATIVE_VERDICTS = ("legitimate", *FAULT_VERDICTS)
UNDETERMINED = "undetermined"
"""The verdict that takes a label away, from equal or lower authority."""

RANDOM_AUDIT = "random_audit"
"""How a request was selected whose customer nobody heard, unless there was an appeal."""

POSITIVE_CONDITIONS = ("different_item", "counterfeit", "empty")
NEGATIVE_CONDITIONS = ("as_sent", "seller_fault")
WORN_CONDITIONS = ("used", "damaged_by_customer")
INCOMPLETE = "incomplete"
"""Worn or incomplete goods give no label by themselves."""

FAULT_CONDITION = "seller_fault"
CONFIRMS = {
    "counterfeit": ("counterfeit",),
    "wrong_item": ("different_item",),
    "missing_item": ("empty", INCOMPLETE),
}
"""By reason code, the conditions that confirm what the customer claimed: a negative label."""


class Finding(NamedTuple):
    """One finding about a request: `found_by` as in `AUTHORITY`, `verdict` or condition, times in
    ms."""

    found_by: str
    verdict: str
    known_at: int
    found_at: int


def verdict_label(verdict: str | None) -> int | None:
    """1 for abuse or fraud, 0 for an honest request, None where a verdict gives no label.

    >>> verdict_label("fraud"), verdict_label("courier_fault"), verdict_label("undetermined")
    (1, 0, None)
    """
    return 1 if verdict in POSITIVE_VERDICTS else 0 if verdict in NEGATIVE_VERDICTS else None


def condition_label(condition: str, reason_code: str | None = None) -> int | None:
    """The label that the condition of returned goods gives to a request with this reason.

    >>> condition_label("counterfeit", "unwanted"), condition_label("counterfeit", "counterfeit")
    (1, 0)
    >>> condition_label("incomplete"), condition_label("incomplete", "missing_item")
    (None, 0)
    """
    if condition in NEGATIVE_CONDITIONS or condition in CONFIRMS.get(reason_code or "", ()):
        return 0
    return 1 if condition in POSITIVE_CONDITIONS else None


def standing(found: Iterable[Finding], reason_code: str | None = None) -> Finding | None:
    """The finding that stands: highest authority, then latest `known_at`, then latest `found_at`.

    Outcomes of `system` and inspections that give no label do not count; the verdict of the answer
    may be `undetermined`. None where nothing counts.

    >>> shop = Finding("merchant", "fraud", known_at=5, found_at=3)
    >>> platform = Finding("platform", "legitimate", known_at=4, found_at=4)
    >>> standing([shop, platform]).verdict
    'legitimate'
    >>> standing([shop, Finding("merchant", "undetermined", 5, 4)]).verdict
    'undetermined'
    >>> standing([shop, Finding("system", "legitimate", 9, 9)]).verdict
    'fraud'
    """
    counted = [one for one in found if _counts(one, reason_code)]
    return max(counted, key=_precedence, default=None)


def _counts(one: Finding, reason_code: str | None) -> bool:
    if one.found_by == INSPECTION:
        return condition_label(one.verdict, reason_code) is not None
    return one.found_by in AUTHORITY


def _precedence(one: Finding) -> tuple[int, int, int]:
    return AUTHORITY[one.found_by], one.known_at, one.found_at


def sql_list(values: Iterable[str]) -> str:
    """Codes as the inside of an SQL `IN (…)`."""
    return ", ".join(f"'{value}'" for value in values)


_RANKS = " ".join(f"WHEN '{name}' THEN {AUTHORITY[name]}" for name in PEOPLE)
OUTCOME_COUNTS = f"o.decided_by IN ({sql_list(PEOPLE)})"
"""SQL: whether the outcome `o` counts."""

_RANK = f"CASE o.decided_by {_RANKS} END"
OUTCOME_ORDER = f"{_RANK} DESC, o.known_at DESC, o.decided_at DESC"
"""SQL: the order of outcomes `o` that count in which the one that stands comes first."""


def confirmed(request: str) -> str:
    """SQL: whether the condition of the inspection `i` confirms what a request claims."""
    return " OR ".join(
        f"({request}.reason_code = '{reason}' AND i.condition IN ({sql_list(conditions)}))"
        for reason, conditions in CONFIRMS.items()
    )


CONFIRMED = confirmed("c")

_NEGATIVE = f"i.condition IN ({sql_list(NEGATIVE_CONDITIONS)}) OR {CONFIRMED}"

UNHEARD = f"(COALESCE(o.selected_by, '') = '{RANDOM_AUDIT}' AND o.decided_by <> 'appeal')"
"""SQL: whether the outcome `o` was found without hearing the customer."""

_POSITIVE = f"o.verdict IN ({sql_list(POSITIVE_VERDICTS)})"


def _found(undecided: str, at_fault: str, counts: str) -> str:
    """SQL: every outcome that counts and every inspection that says something."""
    return f"""SELECT o.refund_id, o.verdict, {_RANK} AS authority,
  CASE WHEN {undecided} THEN NULL WHEN {_POSITIVE} THEN 1 ELSE 0 END AS label,
  CASE WHEN {at_fault} THEN 1 ELSE 0 END AS at_fault,
  o.decided_at AS found_at, o.known_at, o.until FROM {{outcomes}} o WHERE {counts}
UNION ALL
SELECT i.refund_id, i.condition AS verdict, {AUTHORITY[INSPECTION]} AS authority,
  CASE WHEN {_NEGATIVE} THEN 0 ELSE 1 END AS label,
  CASE WHEN i.condition = '{FAULT_CONDITION}' THEN 1 ELSE 0 END AS at_fault,
  i.inspected_at AS found_at, i.known_at, i.until
FROM {{inspections}} i LEFT JOIN {{refunds}} c ON c.refund_id = i.refund_id AND c.until = i.until
WHERE i.condition IN ({sql_list(POSITIVE_CONDITIONS)}) OR {_NEGATIVE}"""


_BY_TIME = "PARTITION BY f.refund_id, f.until ORDER BY f.known_at, f.found_at, f.authority"


def _standing(found: str) -> str:
    return f"""SELECT f.*,
  MAX(f.at_fault) OVER ({_BY_TIME}) AS fault,
  LEAD(f.known_at) OVER ({_BY_TIME}) AS stands_until
FROM (SELECT f.*, MAX(f.authority) OVER ({_BY_TIME}) AS highest
  FROM ({found}) f) f WHERE f.authority = f.highest"""


_UNDECIDED = f"o.verdict = '{UNDETERMINED}'"
_AT_FAULT = f"o.verdict IN ({sql_list(FAULT_VERDICTS)})"
STANDING = _standing(_found(_UNDECIDED, _AT_FAULT, OUTCOME_COUNTS))
"""SQL: every finding that ever stood, with the moment from which another did (`stands_until`).

A finding takes the place of what stood when its authority is at least as high, so the last one is
that of `standing`. `label` is 1, 0 or null (undetermined). `fault` says whether a fault of the shop
or the courier had been found by then: no later honest finding takes that back. `{outcomes}`,
`{inspections}` and `{refunds}` stand for the tables of facts, or for parts of them, each fact with
its epoch (`until`, see `features.epochs`): what stands is computed for each epoch of a request.
"""

STANDING_HEARD = _standing(
    _found(
        f"{_UNDECIDED} OR {UNHEARD}",
        f"{_AT_FAULT} AND NOT {UNHEARD}",
        f"{OUTCOME_COUNTS} AND NOT ({UNHEARD} AND {_POSITIVE})",
    )
)
"""SQL: the same of findings that count for the customer's next request and for others.

What was found unheard against the customer is left out; what was found unheard for the customer
takes the place of an earlier finding and gives no label itself.
"""
