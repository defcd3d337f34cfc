"""Reason: what the customer says, and whether it holds together."""

from __future__ import annotations

from risk.facts import REASONS, RECEIVED_REASONS
from risk.features.catalog import told_before
from risk.features.entries import Kinds, retired
from risk.features.measures import counted, first, moment, summed
from risk.features.own_parcels import ANY_DELIVERED, DELIVERED, PARCELS
from risk.features.spec import Feature
from risk.features.word_weights import FEATURE, WORDS
from risk.findings import sql_list

F = Kinds("reason")
NEVER_CAME = "s.reason_code = 'not_received'"
ABOUT_GOODS = f"({sql_list(RECEIVED_REASONS)})"
IN_HAND = f"({sql_list([one for one in RECEIVED_REASONS if one != 'missing_item'])})"
"""Reasons about goods that the customer has: what is missing may come yet."""
AT_FAULT = "('defective', 'not_as_described', 'counterfeit')"
BY_THEN = f"{DELIVERED} AND e.occurred_at <= s.requested_at"
EARLIER = "e.known_at < s.requested_at"
SAME_WORDS = " OR ".join(
    f"e.{name} = s.{name}" for name in ("text_exact", "near_1", "near_2", "near_3")
)
CONTENT = (
    "what the text says, beside earlier texts on which something was found",
    "文字所述内容，对照此前已核实申请的文字",
)
DELIVERED_TEXT = (
    "said not to have come, yet delivered",
    "称未收到，但物流显示已签收",
    "no claim of missing goods against a record of delivery",
    "没有“称未收到而物流显示已签收”的情况",
)
SIGNED_TEXT = (
    "the customer says that it did not come; by the courier's record the customer received it",
    "客户称未收到，但快递有本人签收记录",
    "no claim of missing goods against the courier's record of a receipt by the customer",
    "没有“称未收到而由本人签收”的情况",
)
DENIED_TEXT = (
    "the customer says nothing came, yet it was delivered",
    "客户表示未收到货，但物流显示已签收",
    "no delivery contradicts what the customer says",
    "物流记录与客户所述不矛盾",
)
SPOKEN = {
    "not_received": ("not received", "未收到货"),
    "late": ("late", "延迟送达"),
    "damaged": ("damaged", "破损"),
    "defective": ("defective", "质量问题"),
    "not_as_described": ("not as described", "与描述不符"),
    "wrong_item": ("wrong item", "发错货"),
    "missing_item": ("missing item", "少件"),
    "counterfeit": ("counterfeit", "假货"),
    "double_charge": ("charged twice", "重复扣款"),
    "unwanted": ("no longer wanted", "不想要了"),
    "other": ("another reason", "其他原因"),
}


def entries() -> list[Feature]:
    """The family's features."""
    return [*_codes(), *_wording(), *told_before.entries(), _basket(), *_against_the_parcel()]


def _codes() -> list[Feature]:
    return [
        F.value(
            f"reason_{code}", f"CASE WHEN s.reason_code = '{code}' THEN 1 ELSE 0 END",
            (f"the reason given is: {SPOKEN[code][0]}", f"申请原因：{SPOKEN[code][1]}"),
            unit="flag")
        for code in REASONS
    ]  # fmt: skip


def _wording() -> list[Feature]:
    return [
        F.value(
            "text_length", "s.text_length",
            ("the reason is {value} characters long", "理由共{value}个字符"), unit="count"),
        F.value(
            "text_specificity", "s.specificity",
            ("the wording says what happened, where or when", "理由写明了情况、部位或时间",
             "the wording says little of what happened, where or when",
             "理由很少说明情况、部位或时间"),
            unit="points"),
        F.value(
            "text_hedging", "s.hedging",
            ("the wording is hedged", "措辞含糊",
             "the wording is hardly hedged", "措辞基本不含糊"),
            unit="points"),
        F.value(
            "text_contradictions", "s.contradiction",
            ("{value} contradictions between reason, text and claim",
             "原因、文字与陈述之间有{value}处矛盾"), unit="count", risk=1),
        F.value(
            "text_off_topic",
            "CASE WHEN s.text_topics > 0 AND s.goods_topics > 0 THEN "
            "CASE WHEN s.text_topics & s.goods_topics = 0 THEN 1 ELSE 0 END END",
            ("the reason speaks of another kind of article", "理由与商品类目无关",
             "the reason speaks of this kind of article", "理由与商品类目相符"),
            unit="flag", risk=1),
        F.value(
            "text_irrelevance", "s.irrelevance",
            ("the text has little to do with goods", "文字与商品关系不大",
             "the text is about goods", "文字与商品有关"), unit="points", risk=1),
        F.value(
            "text_agitated", "s.agitated",
            ("the customer is upset", "客户情绪激动",
             "the customer is calm", "客户情绪平稳"), unit="flag"),
        *_copied(),
        F.value(
            FEATURE, f"CASE WHEN s.{WORDS} IS NOT NULL THEN 0 END", (*CONTENT, *CONTENT),
            unit="ratio"),
        F.value(
            "claims_received", "s.claims_received",
            ("the customer says the goods arrived", "客户表示已收到货",
             "the customer says the goods did not arrive", "客户表示未收到货"), unit="flag"),
    ]  # fmt: skip


def _copied() -> list[Feature]:
    return [
        retired(F.count(
            "text_copied", ("{value} other customers used the same or nearly the same words",
                            "另有{value}位客户使用了相同或近似的文字"),
            of="sightings@text", distinct="e.customer_id")),
        retired(F.count(
            "text_copied_before", ("{value} other customers had used the same or nearly the same words "
                                   "before", "此前另有{value}位客户使用过相同或近似的文字"),
            of="sightings@text", distinct="e.customer_id", risk=1, story="text_copied",
            where=EARLIER)),
        F.net(
            "text_copied_elsewhere", (
                "{value} other customers had used the same or nearly the same words before, of other "
                "articles", "此前另有{value}位客户就其他商品使用过相同或近似的文字", "", ""),
            part=counted("sightings@text", EARLIER, distinct="e.customer_id"),
            less=counted("requests@sku", f"{EARLIER} AND ({SAME_WORDS})", distinct="e.customer_id"),
            risk=1, story="text_copied"),
    ]  # fmt: skip


def _basket() -> Feature:
    """A whole order of several articles, all said to be at fault: a parcel may be crushed, and hold
    another's goods, as a whole; that each article of it is defective has nothing in common."""
    return F.if_whole(
        "basket_at_fault", ("all {value} articles of the order are said to be at fault",
                            "整单{value}种商品均称有问题", "", ""),
        of=counted("lines@order", f"s.known_line IS NULL AND s.reason_code IN {AT_FAULT}", distinct="e.sku"),
        asked=moment("s.amount"),
        paid=summed("lines@order", "e.amount", "e.currency = s.currency"), risk=1)  # fmt: skip


def _against_the_parcel() -> list[Feature]:
    """Each as earlier models count it, over all parcels of the order, and over those of the request;
    what is said of a parcel is contradicted by what had become of it by then."""
    return [
        *_contradicted(),
        retired(_complained_before("complaint_before_delivery", ANY_DELIVERED)),
        retired(_complained_before("own_complaint_before_delivery", DELIVERED)),
        _complained_before("goods_complaint_before_delivery", DELIVERED, IN_HAND),
    ]


def _contradicted() -> list[Feature]:
    found = []
    for what, now, where, risk, text in (
        ("missing_but_delivered", "missing_after_delivery", NEVER_CAME, 0, DELIVERED_TEXT),
        ("missing_but_signed", "missing_after_signature",
         f"{NEVER_CAME} AND e.received_by = 'customer'", 1, SIGNED_TEXT),
        ("denied_but_delivered", "denied_after_delivery", "s.claims_received = 0", 0, DENIED_TEXT),
    ):  # fmt: skip
        found += [
            retired(F.count(name, text, of=PARCELS, where=f"{parcels} AND {where}", risk=risk, story=what))
            for name, parcels in (
                (what, ANY_DELIVERED), (f"own_{what}", DELIVERED), (now, BY_THEN),
            )
        ]  # fmt: skip
        all_of_it = f"{BY_THEN} AND {where}"
        found += [F.all_came(f"claim_{now}", text, where=all_of_it, risk=risk, story=what)]
    return found


def _complained_before(name: str, delivered: str, reasons: str = ABOUT_GOODS) -> Feature:
    return F.before(
        name, ("complained of the goods before they were delivered",
               "商品送达之前就反映商品问题", "", ""),
        first=moment(f"CASE WHEN s.reason_code IN {reasons} THEN s.requested_at END"),
        then=first(PARCELS, "e.occurred_at", delivered), risk=1, story="complaint_before_delivery",
    )  # fmt: skip
