"""A refund request as of one moment: all that a decision about it rests on."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from risk.decisions.case_records import OwnRows, Parcel
from risk.decisions.case_rows import own_rows
from risk.decisions.customer_changes import changes
from risk.decisions.other_parcels import ENDS, STILL_AFTER
from risk.decisions.packing import packing_facts
from risk.decisions.parcel_facts import parcel_facts, sent_parcels
from risk.decisions.pictures import Doubts, doubtful_pictures, given_evidence
from risk.decisions.policy_features import Places, findings_and_links
from risk.decisions.taken_back_rows import reason_taken_back
from risk.decisions.told import told
from risk.errors import Conflict, NotFound
from risk.facts.units import MONEY_UNIT
from risk.features.order_money import OrderMoney
from risk.features.subjects import unknown_subjects
from risk.history.connection.connect import Write
from risk.history.connection.driver import Row
from risk.history.list_entries import entry_of
from risk.history.reading.point_reader import Reader, keys_call
from risk.policy import LaneFacts, Listing, Situation
from risk.policy.situation import Courier, Stage
from risk.spans import span


@dataclass(frozen=True, slots=True)
class Case:
    """One request as of one moment.

    `spine` is the request with its order and its `stage`; `vector` holds the features of whoever
    read the case, shape (n,); `draw` decides on audits; `listings` are the valid entries of the
    block or allow list for its customer; `money` is that of the lines the request is about.
    """

    spine: Row
    own: OwnRows
    vector: NDArray[np.float64]
    draw: float
    listings: tuple[Listing, ...] = ()
    money: OrderMoney | None = None

    def situation(self, places: Places) -> Situation:
        """The case as the policy sees it, but for its probability, which is 0 so far."""
        spine, own = self.spine, self.own
        values = dict(zip(places, self.vector.take([*places.values()]).tolist(), strict=True))
        facts = lane_facts(spine, own)
        claimed = values["customer_money_asked_30d"]
        return Situation(
            type=spine["type"],
            reason_code=spine["reason_code"],
            amount=spine["amount"],
            currency=spine["currency"] or "CNY",
            requested_at=spine["requested_at"],
            as_of=spine["as_of"],
            probability=0.0,
            stage=spine["stage"],
            channel=spine["channel"],
            claims_received=_flag(spine["claims_received"]),
            customer_tier=spine["customer_tier"],
            no_reason_return=facts.no_reason_return,
            lines=facts.lines,
            merchant_id=spine["merchant_id"],
            placed_at=spine["placed_at"],
            delivered_at=facts.delivered_at,
            courier=facts.courier,
            respond_by=spine["respond_by"],
            evidence=given_evidence(own, spine["placed_at"]),
            reused_evidence=int(values["photo_seen_elsewhere"] > 0),
            **_doubts(spine, own, values).facts(),
            inspections=own.inspections,
            inspected_by=own.inspected_by,
            **(own.finding._asdict() | changes(spine, own)),
            orders=int(values["customer_orders_365d"]),
            refunds=int(values["customer_requests_365d"]),
            age_days=_age(values),
            **findings_and_links(values),
            customer_stake=round(claimed * MONEY_UNIT),
            ring_stake=round((claimed + values["ring_money_30d"]) * MONEY_UNIT),
            listings=self.listings,
            **told(spine, own.evidence),
            **parcel_facts(spine, own, self.money),
            **packing_facts(spine, own, self.money),
            audit_draw=self.draw,
            money=self.money,
            line_unknown=spine["line_id"] is not None and spine["known_line"] is None,
            category=spine["category"],
            withdrawn=spine["state"] == "withdrawn",
            pieces=spine["quantity"] or 1,
            held=own.held,
            unknown=unknown_subjects(spine, [parcel.courier for parcel in own.parcels]),
        )


def read_one(
    connection: sa.Connection,
    reader: Reader,
    refund_id: str,
    as_of: int,
    audit_key: bytes,
    settled: int | None = None,
) -> Case:
    """A request as it was visible at `as_of` (ms), with the features that `reader` reads; what many
    cases share, as it was `settled` where that was before.

    Raises NotFound where the request is not stored.
    """
    with span("look-up"):
        spine = reader.spine(connection, refund_id, as_of, settled)
        if spine is None:
            raise _unknown(connection, refund_id)
        own, money, (keys,) = own_rows(connection, spine, keys_call(spine))
        listings = _listings(connection, spine["customer_id"], as_of) if own.listed else ()
    spine = {**spine, "stage": stage_of(spine, own)}
    with span("features"):
        vector = reader.vector(connection, spine, keys)
    return Case(spine, own, vector, audit_draw(refund_id, audit_key), listings, money)


def _unknown(connection: sa.Connection, refund_id: str) -> NotFound | Conflict:
    """Why there is no such request: it was never stored, or was taken back."""
    reason = reason_taken_back(connection, refund_id)
    if reason is None:
        return NotFound(f"no refund request {refund_id}")
    return _taken_back(refund_id, reason)


def _taken_back(refund_id: str, reason: str) -> Conflict:
    return Conflict(f"refund request {refund_id} was taken back: {reason or 'no reason is kept'}")


def check_not_taken_back(write: Write, refund_id: str) -> None:
    """Raises Conflict, with the reason, where the request counts no more as of this write."""
    if "retractions" in write.filled:
        reason = reason_taken_back(write.connection, refund_id, unless_at=write.at)
        if reason is not None:
            raise _taken_back(refund_id, reason)


def _listings(connection: sa.Connection, customer_id: str, as_of: int) -> tuple[Listing, ...]:
    """The valid entry of the block or allow list for a customer, if any."""
    entry = entry_of(connection, customer_id, as_of)
    if entry is None or entry.kind not in ("block", "allow"):
        return ()
    return (Listing(entry.kind, entry.cause, entry.by, entry.expires_at, entry.asks),)


def audit_draw(refund_id: str, key: bytes) -> float:
    """The audit draw of a case, in [0, 1): always the same, unpredictable without the key."""
    digest = hashlib.blake2b(refund_id.encode(), key=key[:64], digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


def stage_of(spine: Row, own: OwnRows) -> Stage:
    """How far the case has come, from what is visible of it; what was recorded of the order before
    any request takes it no further."""
    if own.inspections:
        return "inspection"
    if any(parcel.direction == "return" for parcel in own.parcels):
        return "return"
    given = any(not proof.of_order for proof in own.evidence)
    if given and spine["request_known_at"] < spine["as_of"]:
        return "evidence"
    return "request"


def lane_facts(spine: Row, own: OwnRows) -> LaneFacts:
    """What the lane of the case depends on."""
    sent = sent_parcels(spine, own.parcels)
    delivered = (parcel.occurred_at for parcel in sent if parcel.status == "delivered")
    return LaneFacts(
        type=spine["type"],
        requested_at=spine["requested_at"],
        no_reason_return=_flag(spine["no_reason_return"]),
        delivered_at=next(delivered, None),
        placed_at=spine["placed_at"],
        courier=_courier(sent, spine["as_of"]) or _unsent(spine, own.parcels),
        merchant_id=spine["merchant_id"],
        category=spine["category"],
        lines=own.lines,
    )


def _courier(sent: Sequence[Parcel], as_of: int) -> Courier | None:
    """What the courier's record says of the outbound parcels, earliest event first: delivered where
    one was; else where one is still on its way it is that one, whatever became of another."""
    if not sent:
        return None
    if any(parcel.status == "delivered" for parcel in sent):
        return "delivered"
    last = {parcel.tracking: parcel for parcel in sent}.values()
    on_way = [parcel.occurred_at for parcel in last if parcel.status not in ENDS]
    if on_way:
        return "still" if as_of - max(on_way) > STILL_AFTER else "moving"
    return next(end for end in ENDS if any(parcel.status == end for parcel in last))


def _unsent(spine: Row, parcels: Sequence[Parcel]) -> Courier | None:
    """`not_shipped` where no parcel was recorded of a known order that its customer gives up
    without having it. Elsewhere a shop that records no parcels looks the same: unknown."""
    given_up = spine["reason_code"] == "unwanted" and _flag(spine["claims_received"]) is False
    known = spine["placed_at"] is not None
    return "not_shipped" if known and given_up and not parcels else None


def _doubts(spine: Row, own: OwnRows, values: Mapping[str, float]) -> Doubts:
    """What is doubtful of the pictures that the customer gave."""
    seen = _used_by_others(values)
    return doubtful_pictures(own.evidence, spine["placed_at"], used_by_others=seen)


def _used_by_others(values: Mapping[str, float]) -> bool:
    """Whether a picture is in more requests than the customer's own, and no household explains it:
    people who share things with the customer and were never found abusing."""
    own, household = values["customer_requests_365d"], values["ring_customers"] > 0
    if values["picture_of_stranger"] > 0:
        return True
    return values["photo_seen_elsewhere"] > own and (not household or values["ring_abuse_here"] > 0)


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _age(values: Mapping[str, float]) -> float | None:
    """The days since the customer's account was made or they first ordered; None: unknown."""
    known = [values[name] for name in ("account_age_days", "days_since_first_order")]
    return max((days for days in known if not math.isnan(days)), default=None)
