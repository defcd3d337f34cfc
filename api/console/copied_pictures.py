"""That a picture which a rule doubts was given before: for which request, article and customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.console.localisation import Locale
from api.console.translations import translate
from risk.cases import CaseView
from risk.evidence.earlier_pictures import EarlierPicture

RULE = "fresh_picture"


def copied_pictures(
    locale: Locale, view: CaseView, near: Mapping[str, EarlierPicture]
) -> list[tuple[str, str]]:
    """A sentence for each picture of the customer that was given before, and the request it ends
    with, empty for one of another merchant; nothing where no rule holds it against anybody."""
    rules = {rule["id"] for rule in (view.decision or {}).get("rules", ())}
    return [*dict.fromkeys(_copied(locale, view, near))] if RULE in rules else []


def _copied(
    locale: Locale, view: CaseView, near: Mapping[str, EarlierPicture]
) -> Iterator[tuple[str, str]]:
    language, own = locale.language, {row["refund_id"] for row in view.record.requests}
    for item in view.record.evidence:
        first, again = near.get(item["evidence_id"]), view.record.reuse.get(item["evidence_id"])
        if item["submitted_by"] != "customer" or (first and first.same_case):
            continue
        kind = locale.within("evidence", item["kind"])
        if first and not first.refund_id:
            yield translate("case_given_before_elsewhere", language, kind=kind), ""
            continue
        refund_id = first.refund_id if first else again[-1]["refund_id"] if again else ""
        if not refund_id:
            continue
        whose = "case_given_before_same" if refund_id in own else "case_given_before_another"
        who = translate(whose, language)
        article = first.article if first else ""
        key = "case_given_before" if article else "case_given_before_plain"
        yield translate(key, language, kind=kind, who=who, article=article), refund_id
