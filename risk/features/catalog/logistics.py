"""Logistics: what the parcel did, and how its courier has been doing with everybody's parcels."""

from __future__ import annotations

from risk.facts.units import HOUR_MS
from risk.features.entries import Kinds, Text, retired
from risk.features.measures import counted, first, last, moment
from risk.features.own_parcels import DELIVERED, OUT, PARCELS
from risk.features.spec import Feature, Measure

F = Kinds("logistics")
COURIER, CLAIMS = "shipments@courier", "claims@courier"
CAME_AT = first(PARCELS, "e.occurred_at", DELIVERED)


def entries() -> list[Feature]:
    """The family's features."""
    return [*_parcel(), *_courier()]


def _parcel() -> list[Feature]:
    return [
        *_counted("parcel_delivered", ("{value} delivery records", "{value}条签收记录"), DELIVERED),
        *_counted("parcel_signed",
                  ("handed to the customer, by the courier's record", "由客户本人签收",
                   "handed to somebody else, by the courier's record", "不是由客户本人签收"),
                  f"{DELIVERED} AND e.received_by = 'customer'"),
        *_counted("parcel_left",
                  ("left with a neighbour or in a locker", "放在驿站、快递柜或邻居处",
                   "not left with a neighbour or in a locker", "没有放在驿站、快递柜或邻居处"),
                  f"{DELIVERED} AND e.received_by IN ('locker', 'neighbour')"),
        F.count("parcel_lost", ("the courier records the parcel as lost or sent back",
                                "快递记录显示包裹丢失或退回",
                                "the courier records neither a loss nor a return to sender",
                                "快递没有丢失或退回的记录"),
                of=PARCELS, where=f"{OUT} AND e.status IN ('lost', 'returned_to_sender')", risk=-1),
        F.count("parcel_movements", ("{value} tracking events", "{value}条物流记录"),
                of=PARCELS, where=OUT),
        *_elapsed("hours_to_deliver", ("delivered {value} hours after the order",
                                       "下单后{value}小时送达"),
                  until=CAME_AT, since=moment("s.placed_at")),
        *_elapsed("hours_delivery_to_request", ("asked {value} hours after the delivery",
                                                "签收{value}小时后申请"),
                  until=moment("s.requested_at"), since=CAME_AT),
        F.elapsed("hours_since_movement", ("no movement of the parcel for {value} hours",
                                           "包裹已{value}小时无物流更新"),
                  until=moment("s.as_of"), since=last(PARCELS, "e.occurred_at", OUT),
                  unit_ms=HOUR_MS),
    ]  # fmt: skip


def _counted(name: str, text: Text, where: str) -> tuple[Feature, Feature]:
    """The feature as earlier models count it, and not of one of several parcels while another had
    not come."""
    every = F.count(name, text, of=PARCELS, where=where)
    return retired(every), F.all_came(f"claim_{name}", text, where=where, story=name)


def _elapsed(name: str, text: Text, until: Measure, since: Measure) -> tuple[Feature, Feature]:
    """The same of a time."""
    every = F.elapsed(name, text, until=until, since=since, unit_ms=HOUR_MS)
    return retired(every), F.all_came_elapsed(
        f"claim_{name}", text, until=until, since=since, unit_ms=HOUR_MS, story=name
    )


def _courier() -> list[Feature]:
    missing = "e.reason_code IN ('not_received', 'missing_item')"
    hurt = "e.reason_code IN ('damaged', 'late', 'wrong_item')"
    lost = "e.status IN ('lost', 'returned_to_sender')"
    return [
        F.count("courier_missing", ("{value} others missed goods with this courier {window}",
                                    "{window}该快递另有{value}人称未收到或少件"),
                of=CLAIMS, where=missing, days=7, story="courier_trouble"),
        F.share("courier_missing_share", ("{value} of requests on this courier's parcels are for "
                                          "missing goods {window}",
                                          "{window}该快递的申请中未收到或少件占{value}"),
                part=counted(CLAIMS, missing, 14), whole=counted(CLAIMS, days=14),
                prior=(1.0, 5.0), story="courier_trouble"),
        F.share("courier_damage_share", ("{value} of requests on this courier's parcels are for "
                                         "damage or delay {window}",
                                         "{window}该快递的申请中破损或延误占{value}"),
                part=counted(CLAIMS, hurt, 14), whole=counted(CLAIMS, days=14),
                prior=(1.0, 5.0), story="courier_trouble"),
        F.share("courier_loss_share", ("{value} of this courier's parcels were lost or sent back "
                                       "{window}", "该快递{window}包裹丢失或退回占{value}"),
                part=counted(COURIER, lost, 14),
                whole=counted(COURIER, days=14),
                prior=(0.1, 10.0), story="courier_trouble"),
    ]  # fmt: skip
