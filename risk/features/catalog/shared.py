"""Shared identity: who else uses this address, card, device, phone, account or wording."""

from __future__ import annotations

from risk.facts.units import DAY_MS
from risk.features.counting import FOUND, OF_NAMED_SHOPS
from risk.features.entries import FINDING_DAYS, MONEY, Kinds, over, retired
from risk.features.measures import counted, first, last, moment
from risk.features.ring import ring
from risk.features.sources import SHARED
from risk.features.spec import Feature

F = Kinds("shared_identity")
NAMES = {
    "address": ("this address", "该地址"),
    "door": ("this door", "该门牌"),
    "payment": ("this payment instrument", "该支付方式"),
    "device": ("this device", "该设备"),
    "phone": ("this phone number", "该手机号"),
    "payout": ("this payout account", "该收款账户"),
}
OTHER = "e.customer_id <> s.customer_id"
OWN_THINGS = ("payment", "device", "payout")
"""Things that are one person's own."""


def entries() -> list[Feature]:
    """The family's features."""
    return [
        *(one for entity in SHARED for one in (*_entity(entity), *_found_there(entity))),
        *(_live(entity) for entity in OWN_THINGS),
        _paid_out(),
        retired(F.count(
            "ip_customers", ("{value} other customers at this network address",
                             "该网络地址另有{value}位客户"), of="sightings@ip")),
        F.count(
            "tracking_customers", ("{value} other customers returned under this tracking number",
                                   "另有{value}位客户用过同一退货单号", "", ""),
            of="sightings@tracking", risk=1),
        F.count(
            "tracking_new_customers", ("{value} customers new with this tracking number {window}",
                                       "该退货单号{window}新增{value}位客户", "", ""),
            of="sightings@tracking", days=30, risk=1),
        F.count(
            "tracking_orders", ("{value} other orders were sent back under this tracking number",
                                "另有{value}笔订单用过同一退货单号", "", ""),
            of="shipments@tracking", distinct="e.order_id", risk=1),
        *_ring(),
    ]  # fmt: skip


def _entity(entity: str) -> list[Feature]:
    en, zh = NAMES[entity]
    seen, asked = f"sightings@{entity}", f"requests@{entity}"
    counts = [
        F.count(
            f"{entity}_customers", (f"{{value}} other customers with {en}",
                                    f"{zh}另有{{value}}位客户"), of=seen, where=OTHER,
            story=f"{entity}_shared"),
        F.count(
            f"{entity}_new_customers", (f"{{value}} customers new with {en} {{window}}",
                                        f"{zh}{{window}}新增{{value}}位客户"),
            of=seen, where=OTHER, days=30, story=f"{entity}_shared"),
        *over((30, 365), lambda days: F.count(
            f"{entity}_requests", (f"{{value}} requests by others with {en} {{window}}",
                                   f"{zh}的其他客户{{window}}有{{value}}次申请"),
            of=asked, days=days, story=f"{entity}_shared")),
        F.share(
            f"{entity}_requests_each", (f"requests by others with {en}: {{value}}, other customers "
                                        "there: {whole}",
                                        f"{zh}的其他客户{{whole}}位，共申请{{value}}次"),
            part=counted(asked), whole=counted(seen, OTHER), prior=(0.3, 1.0),
            story=f"{entity}_shared"),
    ]  # fmt: skip
    if entity in OWN_THINGS:
        counts = [*map(retired, counts), *_strangers(entity)]
    return [
        *counts,
        F.elapsed(
            f"{entity}_newest_days", (f"the newest other customer with {en} came {{value}} days "
                                      "ago", f"{zh}最新的其他客户出现于{{value}}天前"),
            until=moment("s.as_of"), since=last(seen, "e.known_at", OTHER), unit_ms=DAY_MS),
        retired(F.elapsed(
            f"{entity}_newest_account_days", (f"the youngest account asking with {en} is {{value}} "
                                              "days old", f"{zh}申请者中最新账号注册{{value}}天"),
            until=moment("s.as_of"), since=last(asked, "e.account_created_at"), unit_ms=DAY_MS)),
    ]  # fmt: skip


def _strangers(entity: str) -> list[Feature]:
    """Others with one person's own thing of whom nothing was found to be right yet, and what they
    asked for: who was found honest is counted by `_found_there`."""
    en, zh = NAMES[entity]
    seen, asked, found = (f"{source}@{entity}" for source in ("sightings", "requests", "findings"))
    story, honest = f"{entity}_shared", "e.label = 0"
    return [
        *(F.net(
            f"{entity}_{new}strangers", (f"{{value}} {other}customers with {en}{since}, none found "
                                         "honest so far", f"{zh}{there}{{value}}位客户，均未核实属实", "", ""),
            part=counted(seen, OTHER, days), less=counted(found, honest, days, "e.customer_id"),
            risk=1, story=story)
          for new, other, since, there, days in (("", "other ", "", "另有", None),
                                                 ("new_", "new ", " {window}", "{window}新增", 30))),
        *over((30, 365), lambda days: F.net(
            f"{entity}_strangers_asked", (
                f"{{value}} requests by others with {en} {{window}}, none found justified so far",
                f"{zh}的其他客户{{window}}有{{value}}次申请，目前均未核实属实", "", ""),
            part=counted(asked, days=days), less=counted(found, honest, days), risk=1, story=story)),
    ]  # fmt: skip


def _found_there(entity: str) -> list[Feature]:
    en, zh = NAMES[entity]
    found = f"findings@{entity}"
    return [
        retired(F.count(
            f"{entity}_abuse", (f"{{value}} findings of abuse by others with {en}",
                                f"{zh}的其他客户有{{value}}次被认定滥用"),
            of=found, where="e.label = 1", risk=1, story=f"{entity}_findings")),
        F.here(
            f"{entity}_abuse_here", (f"{{value}} findings of abuse by others with {en} {{window}} "
                                     "that this shop may go by",
                                     f"{zh}的其他客户{{window}}有{{value}}次本店可参考的滥用认定", "", ""),
            of=found, rows=FOUND, days=FINDING_DAYS, story=f"{entity}_findings"),
        F.count(
            f"{entity}_honest", (f"{{value}} honest findings by others with {en}",                                 f"{zh}的其他客户有{{value}}次核实属实", "", ""),
            of=found, where="e.label = 0", risk=-1, story=f"{entity}_findings"),
        retired(F.share(
            f"{entity}_abuse_share", (f"{{value}} of what was looked into at others with {en} "
                                      "was abuse", f"{zh}的其他客户经核查的申请中滥用占{{value}}"),
            part=counted(found, "e.label = 1"), whole=counted(found), prior=(0.1, 1.0), risk=1,
            story=f"{entity}_findings")),
        retired(F.before(
            f"{entity}_new_after_abuse", (f"came to {en} after abuse had been found there",
                                          f"在{zh}被认定滥用之后才出现",
                                          f"no abuse had been found with {en} before this customer came",
                                          f"该客户出现之前，{zh}没有被认定的滥用"),
            first=first(found, "e.known_at", "e.label = 1"),
            then=first(f"arrival@{entity}", "e.known_at"), risk=1, unknown=1.0)),
        F.came_after(
            f"{entity}_came_after_abuse", (f"came to {en} after abuse that counts at this shop had "
                                           "been found there", f"在{zh}有本店有效的滥用认定之后才出现",
                                           f"no abuse that counts at this shop had been found with "
                                           f"{en} before this customer came",
                                           f"该客户出现之前，{zh}没有在本店有效的滥用认定"),
            either=(first(found, "e.known_at", FOUND.anywhere),
                    first(found, "e.known_at", FOUND.here)),
            then=first(f"arrival@{entity}", "e.known_at")),
    ]  # fmt: skip


def _live(entity: str) -> Feature:
    """What still counts of findings about others with one person's own thing; of an address or a
    phone, which people who live together share, nothing does."""
    en, zh = NAMES[entity]
    return retired(F.here(
        f"{entity}_abuse_live", (f"{{value}} findings of abuse by others with {en} {{window}} "
                                 "still count here",
                                 f"{zh}的其他客户{{window}}有{{value}}次滥用认定仍然有效", "", ""),
        of=f"findings@{entity}", rows=OF_NAMED_SHOPS, days=FINDING_DAYS,
        story=f"{entity}_findings"))  # fmt: skip


def _paid_out() -> Feature:
    """What a policy caps: no model learns from it."""
    return retired(F.total(
        "payout_money", ("{value} asked back by others to this payout account {window}",
                         "其他客户{window}向该收款账户申请退款共{value}"),
        of="requests@payout", days=1))  # fmt: skip


def _ring() -> list[Feature]:
    return [
        F.within_ring("ring_customers", ("{value} customers within two steps of shared things",
                                         "两步以内的关联客户{value}位"), "customers"),
        F.within_ring("ring_requests", ("{value} requests by linked customers in 180 days",
                                        "关联客户180天内有{value}次申请"), "requests"),
        retired(F.within_ring(
            "ring_abuse", ("{value} findings of abuse among linked customers",
                           "关联客户有{value}次被认定滥用"), "abuse", risk=1)),
        F.within_ring(
            "ring_abuse_here", ("{value} findings of abuse among linked customers that this shop may "
                                "go by", "关联客户有{value}次本店可参考的滥用认定", "", ""),
            "abuse_here", risk=1),
        F.within_ring("ring_honest", ("{value} honest findings among linked customers",                                      "关联客户有{value}次核实属实", "", ""), "honest", risk=-1),
        F.within_ring("ring_money_30d", ("{value} asked back by linked customers in 30 days",
                                         "关联客户30天内申请退款共{value}"), "money",
                      unit="money", scale=MONEY),
        F.share("ring_asking_share", ("linked customers who asked for refunds: {value} of {whole}",
                                      "{whole}位关联客户中，{value}位申请过退款"),
                part=ring("asking"), whole=ring("customers"), prior=(0.3, 1.0)),
        retired(F.share(
            "ring_abuser_share", ("linked customers who were found abusing: {value} of {whole}",
                                  "{whole}位关联客户中，{value}位被认定滥用"),
            part=ring("abusers"), whole=ring("customers"), prior=(0.05, 1.0), risk=1)),
        F.share(
            "ring_abuser_here_share", ("linked customers with a finding of abuse that counts at this "
                                       "shop: {value} of {whole}",
                                       "{whole}位关联客户中，{value}位有在本店有效的滥用认定"),
            part=ring("abusers_here"), whole=ring("customers"), prior=(0.05, 1.0), risk=1),
        F.share("ring_knit", ("direct links: {value}, linked customers: {whole}",
                              "关联客户{whole}位，直接关联{value}条"),
                part=ring("links"), whole=ring("customers"), prior=(0.0, 1.0)),
        F.within_ring("ring_new_customers", ("{value} linked customers came within 30 days",
                                             "30天内新增关联客户{value}位"), "recent"),
        F.elapsed("ring_oldest_days", ("the oldest link among linked customers is {value} days old",
                                       "关联客户中最早的关联已有{value}天"),
                  until=moment("s.as_of"), since=ring("oldest"), unit_ms=DAY_MS),
        F.elapsed("ring_newest_days", ("the newest linked customer came {value} days ago",
                                       "最新的关联客户出现于{value}天前"),
                  until=moment("s.as_of"), since=ring("newest"), unit_ms=DAY_MS),
    ]  # fmt: skip
