"""Evidence of this case: what was shown, by whom, and whether it can be what it claims."""

from __future__ import annotations

from risk.facts import RECEIVED_REASONS
from risk.facts.units import CLOCK_GRACE, HOUR_MS
from risk.features.entries import Kinds, retired
from risk.features.file_sources import UNRELATED
from risk.features.measures import first
from risk.features.own_parcels import ANY_DELIVERED, DELIVERED, OF_REQUEST, PARCELS
from risk.features.spec import Feature
from risk.findings import sql_list

F = Kinds("evidence")
CASE = "evidence@case"
BY_CUSTOMER = "e.submitted_by = 'customer'"
COPIED = f"{BY_CUSTOMER} AND e.first_by = 'customer'"
STRANGERS = " AND ".join(
    f"(e.first_{name} IS NULL OR s.{name} IS NULL OR e.first_{name} <> s.{name})"
    for name in UNRELATED
)
ELSEWHERE = f"e.first_customer <> s.customer_id AND (e.first_sku <> s.sku OR ({STRANGERS}))"
"""A household shares a picture of one article; of another article nobody does."""
SHOWABLE = f"{ANY_DELIVERED} AND ({OF_REQUEST} OR s.reason_code = 'missing_item')"
"""Deliveries of what a picture may show: where something is missing, of everything that came."""
CALLS = f"({sql_list(RECEIVED_REASONS)})"
"""The reasons that a photo can show."""


def entries() -> list[Feature]:
    """The family's features."""
    return [*_given(), *_doubtful(), *_pictures()]


def _given() -> list[Feature]:
    kinds = (("photo", "photos", "照片"), ("video", "videos", "视频"),
             ("document", "documents", "文件"), ("chat", "chat records", "聊天记录"))  # fmt: skip
    return [
        F.value(
            "reason_calls_for_proof",
            f"CASE WHEN s.reason_code IN {CALLS} THEN 1 ELSE 0 END",
            ("the reason is one that proof can show", "该原因可以举证",
             "the reason is one that no proof can show", "该原因无从举证"), unit="flag"),
        *(F.count(
            f"customer_{kind}s", (f"the customer gave {{value}} {en}", f"客户提供了{{value}}份{zh}",
                                  f"the customer gave no {en}", f"客户没有提供{zh}"),
            of=CASE, where=f"e.kind = '{kind}' AND {BY_CUSTOMER}", risk=-1)
          for kind, en, zh in kinds),
        F.count(
            "proof_given", ("the customer gave {value} pieces of the proof this reason calls for",
                            "客户提供了{value}份与原因相符的证据",
                            "the customer gave none of the proof this reason calls for",
                            "客户没有提供与原因相符的证据"),
            of=CASE, where=f"e.kind IN ('photo', 'video') AND {BY_CUSTOMER} AND s.reason_code IN "
            f"{CALLS}", risk=-1),
        F.count(
            "merchant_proof", ("the shop gave {value} pieces of evidence", "商家提供了{value}份证据",
                               "the shop gave no evidence", "商家没有提供证据"),
            of=CASE, where="e.submitted_by = 'merchant' AND e.kind <> 'declined'"),
        F.count(
            "courier_proof", ("the courier gave {value} pieces of evidence",
                              "快递提供了{value}份证据",
                              "the courier gave no evidence", "快递没有提供证据"),
            of=CASE, where="e.submitted_by = 'courier' AND e.kind <> 'declined'"),
        *(F.count(
            f"answered_{name}", (f"answered {{value}} requests for proof within {en}",
                                 f"在{zh}内回应了{{value}}次举证要求",                                 "", ""),
            of=CASE, where=f"{BY_CUSTOMER} AND e.kind <> 'declined' AND "
            f"e.submitted_at - e.asked_at <= {hours * HOUR_MS}", risk=-1, story="answered")
          for name, hours, en, zh in (("promptly", 2, "two hours", "两小时"),
                                      ("in_a_day", 24, "a day", "一天"))),
    ]  # fmt: skip


def _doubtful() -> list[Feature]:
    return [
        F.count(
            "proof_declined", ("proof was asked for and declined {value} times",
                               "{value}次被要求举证而未提供",                               "", ""),
            of=CASE, where=f"e.kind = 'declined' AND {BY_CUSTOMER}", risk=1),
        retired(F.count(
            "photo_seen_elsewhere", ("the same picture was used in {value} other requests",
                                     "同一图片在另外{value}次申请中用过",                                     "", ""),
            of="evidence@photo", distinct="e.refund_id", risk=1)),
        F.count(
            "photo_given_before", ("{value} pictures had been given by another customer before",
                                   "{value}张图片此前已由另一位客户提供过", "", ""),
            of="reuses@case", distinct="e.evidence_id", risk=1, story="photo_seen_elsewhere",
            where=f"{BY_CUSTOMER} AND {ELSEWHERE}"),
        retired(F.count(
            "captured_before_order", ("{value} pictures were taken before the order",                                      "{value}张图片拍摄于下单之前", "", ""),
            of=CASE, where=f"e.captured_at < s.placed_at AND {BY_CUSTOMER}", risk=1)),
        F.count(
            "captured_well_before_order", ("{value} pictures were taken more than two days before the "
                                           "order", "{value}张图片拍摄于下单两天以前", "", ""),
            of=CASE, where=f"e.captured_at < s.placed_at - {CLOCK_GRACE} AND {BY_CUSTOMER}", risk=1,
            story="captured_before_order"),
        retired(_captured_before("captured_before_delivery", ANY_DELIVERED)),
        retired(_captured_before("own_captured_before_delivery", DELIVERED)),
        retired(_captured_before("captured_well_before_delivery", DELIVERED, CLOCK_GRACE)),
        _captured_before("captured_long_before_delivery", SHOWABLE, CLOCK_GRACE),
    ]  # fmt: skip


def _captured_before(name: str, delivered: str, grace: int = 0) -> Feature:
    text = ("a picture was taken before the delivery", "图片拍摄于送达之前", "", "")
    if grace:
        text = ("a picture was taken more than two days before the delivery",
                "图片拍摄于送达两天以前", "", "")  # fmt: skip
    return F.before(
        name, text, first=first(CASE, f"e.captured_at + {grace}" if grace else "e.captured_at", BY_CUSTOMER),
        then=first(PARCELS, "e.occurred_at", delivered), risk=1, story="captured_before_delivery",
    )  # fmt: skip


def _pictures() -> list[Feature]:
    """What the files themselves show, by the pictures in them."""
    return [
        F.count(
            "picture_views", ("the customer gave {value} different pictures or films",
                              "客户提供了{value}个不同的画面", "", ""),
            of="files@case", where=BY_CUSTOMER, distinct="e.picture", risk=-1),
        F.count(
            "picture_of_stranger", ("{value} pictures are near one that another customer gave before",
                                    "{value}张图片与另一位客户此前提供的图片相近", "", ""),
            of="copies@case", distinct="e.evidence_id", risk=1,
            where=f"{COPIED} AND e.first_customer <> s.customer_id AND {STRANGERS}"),
        F.count(
            "picture_of_another_article", ("{value} pictures are near one given before for another article",
                                           "{value}张图片与此前用于另一商品的图片相近", "", ""),
            of="copies@case", distinct="e.evidence_id", risk=1,
            where=f"{COPIED} AND e.first_sku <> s.sku"),
    ]  # fmt: skip
