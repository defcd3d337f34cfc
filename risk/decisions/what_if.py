"""What would bring a case to approve: it is judged again with what might still come.

Each possibility is stored, judged by the model and policy in force, and rolled back, all in one
transaction: a reviewer reads what the product would have answered, and nothing of it is stored.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from risk.decisions.case import Case, read_one
from risk.decisions.decide import Decider
from risk.decisions.judge import Judgement, judge
from risk.explain.code_labels import label
from risk.facts.format import iso
from risk.facts.localised import LocalisedText
from risk.history.connection.connect import now_ms, present
from risk.history.derived.derive import refresh
from risk.history.intake import parse_facts
from risk.policy import Policy, Tier
from risk.policy.situation import RETURNING

Item = tuple[str, Mapping[str, Any]]
"""A kind of fact and a fact of that kind."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Something that might still come, and what the answer would then be."""

    text: LocalisedText
    tier: Tier
    probability: float


class _RolledBack(Exception):
    """Rolls a transaction back, with the judgement made in it."""

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement
        super().__init__()


def what_if(decider: Decider, refund_id: str) -> list[WhatIf]:
    """What each thing that might still come would change, mildest answer first.

    Raises NotFound, and Unavailable without a model in service.
    """
    reader, key = decider.ready().reader, decider.history.audit_key
    with decider.history.read() as connection:
        case = read_one(connection, reader, refund_id, present(connection), key)
    policy = decider.policies.of(case.spine["merchant_id"])
    found = []
    for text, items in _possibilities(policy, case):
        judgement = _supposed(decider, policy, refund_id, items)
        found.append(WhatIf(text, judgement.ruling.tier, judgement.scored.probability))
    return sorted(found, key=lambda one: (one.tier != "approve", one.probability))


def _possibilities(policy: Policy, case: Case) -> list[tuple[LocalisedText, list[Item]]]:
    """Each piece of evidence that fits the reason and is not there yet, all of it together, and
    goods that come back as they were sent."""
    spine = case.spine
    there = {(proof.kind, proof.submitted_by) for proof in case.own.evidence}
    fitting = {(item.kind, item.source): item.request.text
               for item in policy.evidence.get(spine["reason_code"], ())}  # fmt: skip
    missing = [piece for piece in fitting if piece not in there]
    possible = [(_named(piece[1], fitting[piece]), [_evidence(*piece)]) for piece in missing]
    if len(missing) > 1:
        named = [words for words, _ in possible]
        possible.append((_all_of(named), [_evidence(*piece) for piece in missing]))
    if spine["type"] in RETURNING and not case.own.inspections:
        inspected = {"condition": "as_sent", "inspected_at": iso(now_ms())}
        possible.append((_BACK, [("inspections", inspected)]))
    return possible


_BACK: LocalisedText = {"en": "The goods come back as they were sent", "zh": "商品原样退回"}


def _named(source: str, request: LocalisedText) -> LocalisedText:
    """A piece of evidence as a possibility: from whom, and what, as the policy asks for it; what a
    customer is asked is quoted, for it is put to them."""
    words = request if source != "customer" else {one: f"“{said}”" for one, said in request.items()}
    return {
        "en": f"{label('from', source, 'en')}: {words['en']}",
        "zh": f"{label('from', source, 'zh')}：{words['zh']}",
    }


def _all_of(named: Sequence[LocalisedText]) -> LocalisedText:
    """Several pieces of evidence as one possibility."""
    return {
        "en": "All together. " + "; ".join(words["en"] for words in named),
        "zh": "同时提供以下全部：" + "；".join(words["zh"] for words in named),
    }


def _evidence(kind: str, source: str) -> Item:
    now = iso(now_ms())
    return (
        "evidence",
        {
            "evidence_id": f"supposed:{secrets.token_hex(8)}",
            "kind": kind,
            "submitted_by": source,
            "submitted_at": now,
            "captured_at": now,
            "content_hash": secrets.token_hex(16),
        },
    )


def _supposed(decider: Decider, policy: Policy, refund_id: str, items: list[Item]) -> Judgement:
    """The judgement if these facts were known; none of them is stored."""
    history, champion = decider.history, decider.ready()
    taken = [
        parse_facts(kind, [{**item, "refund_id": refund_id}], history.hasher, may_backdate=False)
        for kind, item in items
    ]
    try:
        with history.write() as write:
            for facts in taken:
                facts.store(write)
            refresh(write)
            reader, key = champion.reader, history.audit_key
            case = read_one(write.connection, reader, refund_id, write.at, key)
            raise _RolledBack(judge(case, champion, policy))
    except _RolledBack as undone:
        return undone.judgement
