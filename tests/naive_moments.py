"""The moments at which a caller would ask about a request, by hand."""

from __future__ import annotations

from tests.naive import own_request
from tests.naive_revisions import Facts, as_first_known, as_first_stated


def naive_moments(facts: Facts) -> list[tuple[str, int, str]]:
    """(refund_id, as_of, stage) of every moment a caller would ask at, each once, in order."""
    found: list[tuple[str, int, str]] = []
    first = {kind: as_first_known(facts, kind) for kind in ("evidence", "shipments", "inspections")}
    for refund in as_first_stated(facts, "refunds"):
        name, asked = refund["refund_id"], refund["requested_at"]
        firsts = {
            "evidence": [v["known_at"] for v in first["evidence"]
                         if v["refund_id"] == name and v["submitted_by"] == "customer"],
            "return": [p["known_at"] for p in first["shipments"]
                       if p["refund_id"] == name and p["direction"] == "return"],
            "inspection": [i["known_at"] for i in first["inspections"] if i["refund_id"] == name],
        }  # fmt: skip
        reached = {stage: min(times) for stage, times in firsts.items() if times}
        found.append((name, asked, "request"))
        for at in {at for at in reached.values() if at > asked}:
            stages = [stage for stage, since in reached.items() if since <= at]
            found.append((name, at, stages[-1]))
    return sorted(one for one in found if own_request(facts, one[0], one[1]))
