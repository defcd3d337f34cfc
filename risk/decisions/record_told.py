"""Where the goods of a case are, what an inspection found and what was given, for its headline."""

from __future__ import annotations

from collections.abc import Iterator

from risk.decisions.weighings_told import weights_compared
from risk.explain.code_labels import label
from risk.explain.evidence_given import evidence_given
from risk.facts import NOT_GIVEN, UNRECEIVED_REASONS
from risk.facts.localised import LocalisedText
from risk.policy import Situation
from risk.policy.disputed_inspection import inspector
from risk.policy.several_parcels import BECAME
from risk.policy.situation import OtherParcel
from risk.policy.standing_inspection import with_standing

_PARCEL: dict[str | None, LocalisedText] = {
    "delivered": {"en": "Delivered by the courier's record", "zh": "物流显示已签收"},
    "moving": {"en": "The parcel is on its way", "zh": "包裹正在运输途中"},
    "still": {"en": "The parcel has not moved for days", "zh": "包裹多日没有物流更新"},
    "not_shipped": {"en": "Nothing was sent by the record", "zh": "没有发货记录"},
    "lost": {"en": "Lost by the courier's record", "zh": "物流显示包裹丢失"},
    "returned_to_sender": {"en": "Sent back by the courier", "zh": "快递已将包裹退回寄件人"},
    None: {"en": "No record of a parcel", "zh": "没有物流记录"},
}
_PART: dict[OtherParcel, LocalisedText] = {
    other: {
        "en": f"One parcel was delivered by the courier's record, {became['en']}",
        "zh": f"物流显示部分包裹已签收，{became['zh']}",
    }
    for other, became in BECAME.items()
}
UNSENT = ("code_record", "minor_purchase", "service_record", "service_consent")
"""Rules about what goes through no courier's hands."""
_INSPECTED: LocalisedText = {"en": "inspection by {by}: {found}", "zh": "{by}验货结果：{found}"}
_RETURN: dict[bool, LocalisedText] = {
    True: {"en": "the return has arrived", "zh": "退货已送达"},
    False: {"en": "the return is on its way", "zh": "退货在途"},
}


def record_parts(
    case: Situation, language: str, *, sent: bool, inspected: bool = True
) -> Iterator[str]:
    """Where the goods are, unless they are none that are `sent` or nobody disputes that they came,
    what an inspection found where that is to be said, what the return weighs, and who gave what."""
    of_parts = not _is_undisputed(case) or case.reason_code == "missing_item"
    if sent and of_parts and case.other_parcel is not None:
        yield _PART[case.other_parcel][language]
    elif (sent and not _is_undisputed(case)) or case.courier not in (None, "delivered"):
        yield _PARCEL[case.courier][language]
    if case.inspections and inspected:
        seen = with_standing(case)
        found = label("condition_found", seen.inspections[-1], language)
        by = inspector(seen)[language]
        yield _INSPECTED[language].format(by=by, found=found.lower())
    elif case.return_arrived is not None and not case.inspections:
        yield _RETURN[case.return_arrived][language]
    compared = weights_compared(case, language)
    if compared:
        yield compared
    given = evidence_given((one for one in case.evidence if one[0] not in NOT_GIVEN), language)
    if given:
        yield given


def _is_undisputed(case: Situation) -> bool:
    """Whether the courier's record of a delivery is what the customer says too."""
    missing = case.reason_code in UNRECEIVED_REASONS and case.claims_received is not True
    return case.courier == "delivered" and case.claims_received is not False and not missing
