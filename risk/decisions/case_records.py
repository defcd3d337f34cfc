"""What is visible of one case, row by row: evidence, parcels, inspections, its finding, weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from risk.policy.situation import OrderLine

WEIGHTS = "weights"
"""The name of the rows that say what a return should weigh."""


_MOVED = frozenset({"device", "address"})


class Proof(NamedTuple):
    """An item of evidence; `of_order` is 1 where it is of the order, before any request.

    Times in ms: `captured_at` when it was taken, `first_seen` when a customer had first given this
    picture before, for this request or another, `shown_elsewhere` when a merchant had first given
    a merchant's one for another order. `generated` is 1 where content credentials that verify say
    that a machine made all of it; `asked_at` is when it was asked for; `another` is 1 where another
    customer gave it before for another article. Where the file itself is known, `kind` and
    `captured_at` are what it shows, before what was said of it.
    """

    kind: str
    submitted_by: str
    of_order: int = 0
    captured_at: int | None = None
    known_at: int = 0
    first_seen: int | None = None
    shown_elsewhere: int | None = None
    generated: int = 0
    asked_at: int | None = None
    another: int = 0


class Parcel(NamedTuple):
    """An event of a parcel: `occurred_at` in ms, `weight_g` in thousandths of a gram; `line_id` of
    the line it is about alone, `packed_…` what went in by the warehouse's record, `tracking` its
    number as a digest, `received_by` whom it was handed to. `used_before` is 1 of a return whose
    number had brought back another customer's goods when it was known."""

    direction: str
    status: str
    occurred_at: int
    weight_g: int | None
    line_id: str | None = None
    packed_sku: str | None = None
    packed_quantity: int | None = None
    courier: str | None = None
    tracking: object = None
    received_by: str | None = None
    used_before: int = 0


class StandingVerdict(NamedTuple):
    """The standing finding of a case, as a situation names it: what was paid (ten-thousandths of a
    unit), which a platform may do by itself without any; whether who could find nothing refused;
    what was done with the request."""

    verdict: str | None = None
    paid_back: int | None = None
    refused_unfound: bool = False
    resolution: str | None = None


UNFOUND = StandingVerdict()
"""Nobody found anything, and nothing was paid."""


class LineWeight(NamedTuple):
    """A line of an order, asked back or not, in thousandths of a gram: by the catalogue, and by
    earlier parcels of the article."""

    asked: int
    weight_g: int | None
    learned_g: int | None


@dataclass(frozen=True, slots=True)
class OwnRows:
    """What is visible of one case, its rows in the order of time.

    `inspections` are the conditions found, `inspected_by` who found each, `inspected_at` (ms) when
    the latest became known; `weights` are the lines
    of the order where a return was weighed. `listed` says whether its customer was ever on a list,
    `queued` whether it ever was in the reviewers' queue, `held` whether somebody works on it there,
    `shared` whether its order has other requests or a payment dispute. `changed` names what is
    another than what is known of the customer: `payout`; `moved`, device and address both. `lines`
    are those of an order of several that is asked back as a whole.
    """

    evidence: tuple[Proof, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    inspections: tuple[str, ...] = ()
    inspected_by: tuple[str, ...] = ()
    finding: StandingVerdict = UNFOUND
    listed: bool = False
    queued: bool = False
    weights: tuple[LineWeight, ...] = ()
    held: bool = False
    shared: bool = False
    changed: tuple[str, ...] = ()
    lines: tuple[OrderLine, ...] = ()
    inspected_at: int | None = None

    @classmethod
    def of(
        cls,
        found: Mapping[str, Sequence[tuple[Any, ...]]],
        finding: StandingVerdict = UNFOUND,
    ) -> OwnRows:
        """The own rows of one case from what the queries of `OWN` found, without `row_id`."""
        parcels = tuple(map(Parcel._make, found.get("parcels", ())))
        inspections = found.get("inspections", ())
        conditions = tuple(condition for condition, *_ in inspections)
        inspectors = tuple(by or "merchant" for _, by, _ in inspections)
        inspected_at = max((known_at for *_, known_at in inspections), default=None)
        evidence = tuple(map(Proof._make, found.get("evidence", ())))
        weights = tuple(map(LineWeight._make, found.get(WEIGHTS, ())))
        own = (evidence, parcels, conditions, inspectors, finding)
        kinds = {kind for (kind,) in found.get("changed", ())}
        changed = (
            *(("payout",) if "payout" in kinds else ()),
            *(("moved",) if kinds >= _MOVED else ()),
        )
        lines = tuple(
            (category, None if right is None else bool(right))
            for category, right in found.get("lines", ())
        )
        return cls(
            *own,
            weights=weights,
            changed=changed,
            lines=lines if len(lines) > 1 else (),
            inspected_at=inspected_at,
        )
