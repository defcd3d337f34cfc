"""The slow obvious truth: the contract's visibility rule over plain lists, and every measure on it.

Nothing here reads SQL of the engine: what is visible, what belongs together, what a group holds and
what a formula makes of it are said again, from the contract and the catalogue's own words. Which
revision of a fact counts is said in `naive_revisions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from risk.facts import KINDS
from risk.features.many_valued import MANY
from risk.features.sources import SHARED
from risk.findings import CONFIRMS
from tests.naive_lines import first_line, request_row
from tests.naive_revisions import Fact, Facts, as_first_stated, seen

RANK = {"merchant": 1, "reviewer": 2, "platform": 3, "appeal": 4}
ABUSE = ("abuse", "fraud", "different_item", "counterfeit", "empty")
HONEST = ("legitimate", "merchant_fault", "courier_fault", "as_sent", "seller_fault")
AS_CLAIMED = (("counterfeit", "counterfeit"), ("wrong_item", "different_item"),
              ("missing_item", "empty"), ("missing_item", "incomplete"))  # fmt: skip
FAULTS = ("merchant_fault", "courier_fault", "seller_fault")
MANY_CASES = ("merchant", "sku", "category", "courier", "ip", "text")
"""What so many cases share that they do not wait for each other about it."""
OF_THE_LINE = ("merchant_id", "sku", "category", "channel", "no_reason_return", "quantity")


def label_of(reason_code: str, verdict: str) -> int | None:
    """What a verdict, or the condition of returned goods, says of a request with this reason."""
    if verdict in HONEST or (reason_code, verdict) in AS_CLAIMED:
        return 0
    return 1 if verdict in ABUSE else None


def unheard(outcome: Fact) -> bool:
    """Whether nobody heard the customer: a random audit, and no appeal."""
    return bool(outcome["selected_by"] == "random_audit" and outcome["decided_by"] != "appeal")


@dataclass(frozen=True)
class Past:
    """What was known before a moment, joined: nothing of it was known later. `stated` is all
    evidence as it was first stated, then or later."""

    facts: Facts
    stated: Sequence[Fact] = ()

    @cached_property
    def requests(self) -> list[Fact]:
        rows = (request_row(r, self.facts["orders"]) for r in self.facts["refunds"])
        return [row for row in rows if row]

    @cached_property
    def findings(self) -> list[Fact]:
        """Every finding that ever stood, with the moment another took its place."""
        return [row for request in self.requests for row in self._stood(request)]

    def _stood(self, request: Fact) -> Iterable[Fact]:
        said = [
            (
                o["known_at"],
                o["decided_at"],
                RANK[o["decided_by"]],
                "undetermined" if unheard(o) else o["verdict"],
            )
            for o in self.facts["outcomes"]
            if o["refund_id"] == request["refund_id"]
            and o["decided_by"] != "system"
            and not (unheard(o) and o["verdict"] in ABUSE)
        ] + [
            (i["known_at"], i["inspected_at"], 0, i["condition"])
            for i in self.facts["inspections"]
            if i["refund_id"] == request["refund_id"]
            and label_of(request["reason_code"], i["condition"]) is not None
        ]
        highest, stood = -1, []
        for known, _, rank, verdict in sorted(said):
            if rank >= highest:
                highest = rank
                stood.append((known, rank, verdict))
        faults: list[str] = []
        for (known, rank, verdict), after in zip(stood, [*stood, None][1:], strict=True):
            since = max(known, request["known_at"])
            until = after[0] if after else None
            faults += [verdict] if verdict in FAULTS else []
            label = label_of(request["reason_code"], verdict)
            if label is not None and (until is None or until > since):
                yield {**request, "label": label, "verdict": verdict,
                       "authority": rank, "fault": int(bool(faults)), "known_at": since,
                       "stands_until": until}  # fmt: skip

    @cached_property
    def claims(self) -> list[Fact]:
        rows = []
        for request in self.requests:
            carried = [
                (p["known_at"], p["courier"]) for p in self.facts["shipments"]
                if p["order_id"] == request["order_id"] and p["direction"] == "outbound"
                and p["courier"] is not None
            ]  # fmt: skip
            if carried:
                at, courier = min(carried)
                known = max(at, request["known_at"])
                rows.append({**request, "courier": courier, "known_at": known})
        return rows

    @cached_property
    def returns(self) -> list[Fact]:
        asked = {r["refund_id"]: r for r in self.requests}
        return [
            {**i, "customer_id": asked[i["refund_id"]]["customer_id"],
             "merchant_id": asked[i["refund_id"]]["merchant_id"],
             "as_claimed": int(
                 i["condition"] in CONFIRMS.get(asked[i["refund_id"]]["reason_code"], ())),
             "inspected_by": i["inspected_by"] or "merchant",
             "known_at": max(i["known_at"], asked[i["refund_id"]]["known_at"])}
            for i in self.facts["inspections"] if i["refund_id"] in asked
        ]  # fmt: skip

    @cached_property
    def sightings(self) -> list[Fact]:
        """When each customer was first seen at each thing."""
        seen: dict[tuple[str, int, str], int] = {}
        for kind, entity, customer, at in self._touches():
            if entity is not None:
                key = (kind, entity, customer)
                seen[key] = min(at, seen.get(key, at))
        names = ("kind", "entity", "customer_id")
        return [{**dict(zip(names, key, strict=True)), "known_at": at} for key, at in seen.items()]

    def copies(self, file: Fact) -> Iterable[Fact]:
        """A file of a request beside each other request that gave its picture first."""
        for first in self.facts["files"]:
            if first["copied"] is None and first["picture"] == file["copied"] is not None:
                for item in self.facts["evidence"]:
                    for request in self.requests:
                        if (
                            item["evidence_id"] == first["evidence_id"]
                            and item["refund_id"] == request["refund_id"] != file["refund_id"]
                        ):
                            yield {**file, **_first(item, request)}

    def reuses(self, item: Fact) -> Iterable[Fact]:
        """A picture of a request beside the request of another for which it was given first."""
        uses = [v for v in self.stated if v["photo"] == item["photo"] is not None
                and v["submitted_by"] == "customer"]  # fmt: skip
        since = min((v["known_at"] for v in uses), default=item["known_at"])
        keys = {v["fact_key"] for v in uses if v["known_at"] == since < item["known_at"]}
        for first in self.facts["evidence"] if item["refund_id"] is not None else ():
            for request in self.requests if first["fact_key"] in keys else ():
                if first["refund_id"] == request["refund_id"] != item["refund_id"]:
                    yield {**item, **_first(first, request)}

    def _touches(self) -> Iterable[tuple[str, Any, str, int]]:
        for o in self.facts["orders"]:
            for kind in ("address", "door", "payment", "device", "phone", "ip"):
                yield kind, o[kind], o["customer_id"], o["known_at"]
        for r in self.requests:
            yield "device", r["refund_device"], r["customer_id"], r["known_at"]
            yield "payout", r["payout"], r["customer_id"], r["known_at"]
            for name in ("text_exact", "near_1", "near_2", "near_3"):
                yield "text", r[name], r["customer_id"], r["known_at"]
        for p in self.facts["shipments"]:
            head = first_line(self.facts["orders"], p["order_id"])
            if head and p["direction"] == "return":
                known = max(p["known_at"], head["known_at"])
                yield "tracking", p["tracking"], head["customer_id"], known


def _first(item: Fact, request: Fact) -> Fact:
    """Who gave a picture first."""
    return {
        "first_by": item["submitted_by"], "first_customer": request["customer_id"],
        "first_sku": request["sku"], **{f"first_{name}": request[name] for name in SHARED},
    }  # fmt: skip


def _files(refund_id: str, evidence: Sequence[Fact], files: Sequence[Fact]) -> list[Fact]:
    """The files of a request: known when both they and their evidence are."""
    return [
        {**f, "refund_id": refund_id, "submitted_by": v["submitted_by"],
         "known_at": max(f["known_at"], v["known_at"])}
        for v in evidence if v["refund_id"] == refund_id
        for f in files if f["evidence_id"] == v["evidence_id"]
    ]  # fmt: skip


def before(facts: Facts, at: int, without_outcomes_of: str) -> Past:
    """Every fact known before `at`, but no outcome of the case itself."""
    past = {kind: seen(facts, kind, at) for kind in KINDS}
    past["outcomes"] = [o for o in past["outcomes"] if o["refund_id"] != without_outcomes_of]
    return Past(past, as_first_stated(facts, "evidence"))


def own_request(facts: Facts, refund_id: str, as_of: int) -> Fact | None:
    """The request as its own case sees it; None where it was taken back."""
    about = (r for r in seen(facts, "refunds", as_of, own=True, always=True))
    return next((r for r in about if r["refund_id"] == refund_id), None)


@dataclass(frozen=True)
class Case:
    """One request at one moment: the spine row `s`, what is the case's own, and the past."""

    s: Fact
    line: Fact | None
    own: Facts
    past: Past

    @staticmethod
    def of(facts: Facts, refund_id: str, as_of: int) -> Case:
        request = own_request(facts, refund_id, as_of)
        assert request is not None
        order_id = request["order_id"]
        every_line = seen(facts, "orders", as_of, own=True, always=True)
        head = first_line(every_line, order_id)
        order_seen = as_of if head is None else max(as_of, head["known_at"])
        line_id = request["line_id"]
        lines = [o for o in every_line if o["order_id"] == order_id]
        visible = {kind: seen(facts, kind, as_of, own=True) for kind in KINDS}
        own = {
            "lines": [o for o in lines if o["known_at"] <= order_seen],
            "requests": [r for r in visible["refunds"] if r["order_id"] == order_id],
            "parcels": [p for p in visible["shipments"] if p["order_id"] == order_id],
            "evidence": [v for v in visible["evidence"]
                         if v["refund_id"] == refund_id
                         or (v["refund_id"] is None and v["order_id"] == order_id)],
            "inspections": [i for i in visible["inspections"] if i["refund_id"] == refund_id],
        }  # fmt: skip
        past = before(facts, as_of, refund_id)
        own["case_files"] = _files(refund_id, own["evidence"], visible["files"])
        own["reuses"] = [r for item in own["evidence"] for r in past.reuses(item)]
        own["copies"] = [copy for file in own["case_files"] for copy in past.copies(file)]
        asked_line = next((o for o in lines if o["line_id"] == line_id), None)
        line = asked_line or head
        order = {} if head is None else head
        names = ("customer_id", "address", "door", "payment", "phone", "ip", "currency",
                 "placed_at", "account_created_at", "customer_tier")  # fmt: skip
        spine = {
            **request, **{name: order.get(name) for name in names},
            **{name: line[name] if line else None for name in OF_THE_LINE},
            "goods_topics": line["topics"] if line else None, "text_topics": request["topics"],
            "order_device": order.get("device"), "refund_device": request["device"],
            "device": order.get("device") if request["device"] is None else request["device"],
            "as_of": as_of, "known_line": asked_line["line_id"] if asked_line else None,
        }  # fmt: skip
        return Case(spine, asked_line, own, past)

    def settled(self, facts: Facts, at: int) -> Case:
        """The case as what many cases share is read for it: as that stood at an earlier moment."""
        past = before(facts, at, self.s["refund_id"])
        return Case({**self.s, "as_of": at}, self.line, self.own, past)

    def keys(self, entity: str) -> list[Any]:
        """The values of the entity that the case touches."""
        s = self.s
        if entity == "sku":
            found = [o["sku"] for o in ([self.line] if self.line else self.own["lines"])]
        elif entity == "tracking":
            found = [p["tracking"] for p in self.own["parcels"] if p["direction"] == "return"
                     and p["refund_id"] in (None, s["refund_id"])]  # fmt: skip
        elif entity == "photo":
            given = self.own["evidence"]
            found = [v["photo"] for v in given if v["submitted_by"] == "customer"]
        elif entity == "courier":
            sent = self.own["parcels"]
            found = [p["courier"] for p in sent if p["direction"] == "outbound"]
        elif entity == "text":
            return [s[n] for n in ("text_exact", "near_1", "near_2", "near_3") if s[n] is not None]
        else:
            value = s[{"customer": "customer_id", "merchant": "merchant_id"}.get(entity, entity)]
            return [] if value is None else [value]
        return sorted({value for value in found if value is not None})[:MANY]
