"""What would bring a case to approve: computed by deciding it again with what might still come.

Each possibility is stored, decided by the model and policy in force, and undone, all in one
transaction: what a reviewer reads is what the product would have answered, and leaves no trace.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from risk.cases.case_view import CaseView
from risk.decisions.case import audit_draw
from risk.decisions.case_rows import circumstances
from risk.decisions.decide import Decider, stage_of
from risk.decisions.judge import Judged, judge
from risk.errors import NotFound
from risk.explain.code_labels import label
from risk.facts.format import iso
from risk.facts.localised import LocalisedText
from risk.history.connect import Write, now_ms
from risk.history.intake import Taken, take
from risk.policy import Listing, Policy, Tier
from risk.policy.situation import RETURNING

Item = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Way:
    """Something that might still come, and what the answer would then be."""

    text: LocalisedText
    tier: Tier
    probability: float


class _Undone(Exception):
    """Ends a transaction in which nothing is to be kept, with what came of it."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        super().__init__()


def ways(decider: Decider, view: CaseView) -> list[Way]:
    """The ways of one case, mildest answer first. Raises Unavailable without a model in service."""
    lines = view.record.lines
    policy = decider.policies.of(lines[0]["merchant_id"] if lines else None)
    possible = _possibilities(policy, view)
    found = [Way(text, *_supposed(decider, view, items)) for text, items in possible]
    return sorted(found, key=lambda way: (way.tier != "approve", way.probability))


def _possibilities(policy: Policy, view: CaseView) -> list[tuple[LocalisedText, list[Item]]]:
    """Each piece of evidence that fits the reason and is not there yet, all of it together, and
    goods that come back as they were sent."""
    request, given = view.record.request, view.record.evidence
    there = {(item["kind"], item["submitted_by"]) for item in given}
    fitting = {(item.kind, item.source): item.ask.text
               for item in policy.evidence.get(request["reason_code"], ())}  # fmt: skip
    missing = [piece for piece in fitting if piece not in there]
    possible = [(_named(piece[1], fitting[piece]), [_evidence(*piece)]) for piece in missing]
    if len(missing) > 1:
        named = [words for words, _ in possible]
        possible.append((_all_of(named), [_evidence(*piece) for piece in missing]))
    if request["type"] in RETURNING and not view.record.inspections:
        inspected = {"condition": "as_sent", "inspected_at": iso(now_ms())}
        possible.append((_BACK, [("inspections", inspected)]))
    return possible


_BACK: LocalisedText = {"en": "The goods come back as they were sent", "zh": "商品原样退回"}


def _named(source: str, asked: LocalisedText) -> LocalisedText:
    """A piece of evidence as a possibility: from whom, and what, as the policy asks for it."""
    return {
        "en": f"{label('from', source, 'en')}: {asked['en']}",
        "zh": f"{label('from', source, 'zh')}：{asked['zh']}",
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


def _supposed(decider: Decider, view: CaseView, items: list[Item]) -> tuple[Tier, float]:
    """Tier and probability if these facts were known; none of them is kept."""
    history = decider.history
    taken = [
        take(kind, [{**item, "refund_id": view.refund_id}], history.hasher, may_backdate=False)
        for kind, item in items
    ]
    try:
        with history.write() as write:
            raise _Undone(_judged(decider, write, view, taken))
    except _Undone as undone:
        return undone.judged.ruling.tier, undone.judged.scored.probability


def _judged(decider: Decider, write: Write, view: CaseView, taken: list[Taken]) -> Judged:
    champion = decider.ready()
    for facts in taken:
        facts.store(write)
    spine = champion.reader.spine(write.connection, view.refund_id, write.at, "request")
    if spine is None:
        raise NotFound(f"no refund request {view.refund_id}")
    seen = replace(circumstances(write.connection, spine), listings=_listings(view))
    stage = stage_of(spine, seen.inspections, seen.parcels, seen.evidence)
    spine = {**spine, "stage": stage}
    vector = champion.reader.vector(write.connection, spine)
    policy = decider.policies.of(spine["merchant_id"])
    draw = audit_draw(view.refund_id, decider.history.audit_key)
    return judge(champion, policy, spine, vector, seen, draw)


def _listings(view: CaseView) -> tuple[Listing, ...]:
    entry = view.entry
    if entry is None or entry.kind == "withdrawn":
        return ()
    return (Listing(entry.kind, entry.cause, entry.by, entry.expires_at, entry.asks),)
