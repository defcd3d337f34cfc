"""What a case consists of: its folder and story, who is linked, what changed, the dossier."""

from __future__ import annotations

import json
from typing import Any

import pytest

from risk.cases import Actor, add_note, request_evidence, view_case
from risk.cases.lists.decision_changes import adds_up, by_family, decision_changes
from risk.cases.papers.customer_account import account
from risk.cases.papers.dossier import dossier
from risk.cases.papers.ruling_asked import platform_rules
from risk.cases.record.timeline_sentences import render_entry
from risk.explain.code_labels import label
from risk.facts import SUBMITTED
from risk.facts.format import iso, local_day
from risk.features.ring import MAX_SHARED
from risk.history.case_state import upsert_case
from risk.history.connection.connect import present
from risk.history.intake import ingest
from risk.history.reading.ring_links import links_of
from risk.history.store import History
from risk.policy import load, vary
from risk.policy.lanes import local_time
from tests.case_rows import DAY, HOUR, NOW, decided, request

SECRET_ADDRESS = "上海市浦东新区世纪大道100号3号楼1801室"
SECRET_CARD = "6222020200112233445"


def share(history: History, refund_id: str, customer: str, **shared: str) -> None:
    request(history, refund_id, customer, line=shared)


def evidence(history: History, name: str, refund_id: str, **more: Any) -> None:
    item = {
        "evidence_id": name, "refund_id": refund_id, "submitted_at": iso(NOW - HOUR),
        "kind": "photo", **more,
    }  # fmt: skip
    ingest(history, "evidence", [item])


def record_finding(history: History, refund_id: str, verdict: str) -> None:
    said = {"refund_id": refund_id, "decided_at": iso(NOW - HOUR), "verdict": verdict}
    ingest(history, "outcomes", [said])


def test_the_story_is_the_customers_newest_first_and_nobody_elses(history: History) -> None:
    for refund_id, customer in (("R-1", "C-1"), ("R-2", "C-1"), ("R-3", "C-2")):
        request(history, refund_id, customer)
    record_finding(history, "R-2", "fraud")
    record_finding(history, "R-3", "fraud")
    parcel = {"order_id": "O-R-1", "occurred_at": iso(NOW - 2 * DAY), "status": "delivered",
              "received_by": "locker", "courier": "SF"}  # fmt: skip
    ingest(history, "shipments", [parcel])
    evidence(history, "E-1", "R-1", kind="declined")
    add_note(history, "R-1", Actor("mei"), "rang twice")
    moments = view_case(history, "R-1").timeline
    assert [m.at for m in moments] == sorted((m.at for m in moments), reverse=True)
    told = [render_entry(moment, "en") for moment in moments]
    assert told[:2] == ["Note, by mei", "Verdict on request R-2: fraud"]
    assert set(told[2:]) == {
        "Evidence requested from the customer, not provided",
        "This request: Return and refund, damaged, 100.00 CNY",
        "Request R-2: Return and refund, damaged, 100.00 CNY",
        "Parcel: delivered, by the courier's record to a locker (SF Express)",
        "Order O-R-1: Shoes, 100.00 CNY",
        "Order O-R-2: Shoes, 100.00 CNY",
    }
    assert not any("R-3" in line or "C-2" in line for line in told)
    assert [m.refund_id for m in moments if m.kind == "outcome"] == ["R-2"]
    assert [m.tone for m in moments if m.kind == "outcome"] == ["bad"]
    assert all(render_entry(moment, "zh") for moment in moments)


def test_the_timeline_has_an_entry_for_every_kind_of_fact(history: History) -> None:
    request(history, "R-1", "C-1", refund={"forwarded_by": "platform"})
    at = {"occurred_at": iso(NOW - 2 * DAY)}
    more = {
        "shipments": {**at, "order_id": "O-R-1", "status": "shipped", "courier": "SF",
                      "packed_sku": "SKU-9", "packed_quantity": 2},
        "inspections": {"refund_id": "R-1", "inspected_at": iso(NOW - HOUR), "condition": "empty",
                        "inspected_by": "third_party"},
        "feedback": {"refund_id": "R-1", "answered_at": iso(NOW - HOUR), "satisfaction": 4,
                     "note": "quick"},
        "payment_disputes": {**at, "order_id": "O-R-1", "dispute_id": "D-1", "stage": "lost",
                             "amount": "100.00", "reason": "never came"},
        "evidence": {"evidence_id": "E-1", "refund_id": "R-1", "kind": "service_report",
                     "submitted_at": iso(NOW - HOUR)},
        "outcomes": {"refund_id": "R-1", "decided_at": iso(NOW - HOUR), "verdict": "fraud"},
    }  # fmt: skip
    for kind, fact in more.items():
        ingest(history, kind, [fact])
    entries = view_case(history, "R-1").timeline
    assert {render_entry(entry, "en") for entry in entries} == {
        "Order O-R-1: Shoes, 100.00 CNY",
        "This request, passed on by the platform: Return and refund, damaged, 100.00 CNY",
        "Parcel: shipped (SF Express); packed: 2 × SKU-9",
        "Inspection by a third party: empty parcel",
        "Verdict: fraud, by the merchant",
        "Feedback: 4 of 5",
        "Payment dispute D-1: lost by the merchant, 100.00 CNY",
        "Service centre's report from the customer",
    }
    assert {entry.quote for entry in entries} >= {"quick", "never came"}
    assert {kind for kind in SUBMITTED if kind not in view_case(history, "R-1").record.facts} == {
        "refunds"
    }


def test_a_photo_shown_before_is_named_with_what_was_found(history: History) -> None:
    for n, customer in enumerate(["C-1", "C-2", "C-3"]):
        request(history, f"R-{n}", customer)
        evidence(history, f"E-{n}", f"R-{n}", content_hash="the same picture")
    evidence(history, "E-own", "R-0", content_hash="another picture")
    record_finding(history, "R-1", "fraud")
    reuse = view_case(history, "R-0").record.reuse
    assert list(reuse) == ["E-0"]
    assert {row["refund_id"]: row["verdict"] for row in reuse["E-0"]} == {
        "R-1": "fraud", "R-2": None,
    }  # fmt: skip


def test_links_go_two_steps_and_crowds_link_nobody(history: History) -> None:
    share(history, "R-1", "C-1", payment_instrument="card-a", shipping_address="1 Crowded Road")
    share(history, "R-2", "C-2", payment_instrument="card-a", device_id="dev-b")
    share(history, "R-3", "C-3", device_id="dev-b", phone="+86 138 1111 2222")
    share(history, "R-4", "C-4", phone="+86 138 1111 2222")
    for n in range(MAX_SHARED + 3):
        share(history, f"R-x{n}", f"C-x{n}", shipping_address="1 Crowded Road")
    record_finding(history, "R-2", "fraud")
    record_finding(history, "R-3", "legitimate")
    with history.read() as connection:
        links = links_of(connection, "C-1", present(connection))
    found = {c.customer_id: (c.step, c.requests, c.abuse, c.honest) for c in links.customers}
    assert found == {"C-2": (1, 1, 1, 0), "C-3": (2, 1, 0, 1)}
    assert {entity[0] for entity, _ in links.edges} == {"payment", "device"}
    assert {customer for _, customer in links.edges} == {"C-1", "C-2", "C-3"}
    assert {entity[0] for entity, _ in links.hubs} == {"address", "door"}
    assert {count for _, count in links.hubs} == {MAX_SHARED + 4}


def reason(code: str, contribution: float, value: float | None = 1.0) -> dict[str, Any]:
    effect = "raises" if contribution > 0 else "lowers"
    text = {"en": code, "zh": f"“{code}”"}
    family = "evidence" if code.startswith("photo") else "reason"
    return {
        "code": code, "family": family, "effect": effect, "contribution": contribution,
        "feature": code, "value": value, "text": text,
    }  # fmt: skip


def body(**more: Any) -> dict[str, Any]:
    reasons = more.pop("reasons", [reason("vague", 1.0), reason("photo_new", -0.5)])
    total = -2.0 + sum(r["contribution"] for r in reasons)
    return {
        "tier": "request_evidence", "base": -2.0, "raw_score": total, "reasons": reasons,
        "decided_at": iso(NOW), "rules": [], "why": {"id": "least_cost", "text": {
            "en": "cost", "zh": "成本"}}, **more,
    }  # fmt: skip


def test_what_moved_between_decisions() -> None:
    first = body()
    second = body(reasons=[reason("vague", 1.01), reason("photo_again", 2.0)])
    latest, oldest = decision_changes([first, second])
    assert (oldest.decision, oldest.reasons) == (first, ())
    assert [(one.text["en"], round(one.by, 2)) for one in latest.reasons] == [
        ("photo_again", 2.0), ("photo_new", 0.5),
    ]  # fmt: skip
    assert latest.at == NOW


def test_families_sum_and_a_broken_sum_is_noticed() -> None:
    made = body(reasons=[reason("a", 0.25), reason("b", 0.5), reason("photo", -1.0)])
    assert by_family(made) == [("evidence", -1.0), ("reason", 0.75)]
    assert adds_up(made)
    assert not adds_up({**made, "raw_score": made["raw_score"] + 1e-6})


def test_the_dossier_tells_the_facts_and_nobody_else(history: History) -> None:
    shared = {"shipping_address": SECRET_ADDRESS, "payment_instrument": SECRET_CARD}
    share(history, "R-1", "C-1", **shared)
    share(history, "R-2", "C-other", **shared)
    share(history, "R-3", "C-1")
    record_finding(history, "R-3", "legitimate")
    evidence(history, "E-1", "R-1", content_hash="p", captured_at=iso(NOW - 90 * DAY))
    evidence(history, "E-2", "R-2", content_hash="p")
    with history.write() as write:
        upsert_case(write.connection, decided("R-1"))
    add_note(history, "R-1", Actor("mei"), "between ourselves")
    request_evidence(history, "R-1", Actor("mei"), kind="video", source="customer")
    made = dossier(history, "R-1")
    text = json.dumps(made, ensure_ascii=False)
    for hidden in ("C-other", "R-2", SECRET_ADDRESS, SECRET_CARD, "between ourselves", "mei"):
        assert hidden not in text
    assert "Video requested from the customer" in text
    assert [fact["at"] for fact in made["facts"]] == sorted(fact["at"] for fact in made["facts"])
    [item] = made["evidence"]
    assert (item["before_order"], item["in_other_requests"]) == (True, 1)
    assert made["linked"]["customer"] == {
        "orders": 1, "requests": 1, "found_abusive": 0, "found_in_order": 1,
    }  # fmt: skip
    assert made["subject"]["amount"] == "100.00 CNY"
    assert "100.00 CNY" in made["statement"]["en"]
    assert "probability" not in text


def test_the_dossier_asks_for_a_ruling_by_what_was_found(history: History) -> None:
    asked = {}
    for name, verdict in (("R-1", None), ("R-2", "fraud"), ("R-3", "merchant_fault")):
        request(history, name, f"C-{name}")
        if verdict:
            record_finding(history, name, verdict)
        with history.write() as write:
            upsert_case(write.connection, decided(name))
        made = dossier(history, name)
        asked[name] = made["ruling_asked"]["code"]
        for language in ("en", "zh"):
            assert "100.00 CNY" in made["ruling_asked"]["text"][language]
    assert asked == {"R-1": "open", "R-2": "not_due", "R-3": "due"}


def test_the_dossier_names_the_platforms_rules_and_local_times(history: History) -> None:
    request(history, "R-1", "C-1")
    made = dossier(history, "R-1")
    day = local_day(local_time(load(), "M-1", NOW - DAY), "en")
    assert f"On {day} the customer" in made["statement"]["en"]
    assert all(fact["local"].endswith("(UTC+08:00)") for fact in made["facts"])
    [always] = platform_rules({"rules": []}, load())
    assert always["id"] == "online_transactions"
    by_consent = platform_rules({"rules": [{"id": "merchant_consent"}]}, load())
    assert [one["id"] for one in by_consent] == ["platform_supervision", "online_transactions"]
    assert all(one["title"]["zh"].startswith("《") for one in by_consent)


FORBIDDEN = (
    "fraud",
    "abuse",
    "suspicio",
    "risk",
    "liar",
    "欺诈",
    "滥用",
    "嫌疑",
    "风险",
)


@pytest.mark.parametrize("tier", ["approve", "request_evidence", "platform_intervention"])
def test_the_account_gives_neither_the_game_away_nor_offence(tier: str) -> None:
    reasons = [
        {"family": "purchase_pattern", "contribution": -0.2},
        {"family": "evidence", "contribution": 0.5},
        {"family": "purchase_pattern", "contribution": 0.4},
        {"family": "reason", "contribution": 0.1},
        {"family": "logistics", "contribution": -0.05},
    ]
    said = account({"tier": tier, "required_evidence": [], "reasons": reasons}, load())
    for language in ("en", "zh"):
        assert not any(word in said[language].lower() for word in FORBIDDEN)
        weighed = [
            label("family", name, language) for name in ("purchase_pattern", "evidence", "reason")
        ]
        listed = {"en": ", ", "zh": "、"}[language].join(weighed)
        assert listed + {"en": ".", "zh": "。"}[language] in said[language]
        assert not any(digit in said[language].replace("24", "") for digit in "0123456789")
    assert "computed a score" in said["en"]
    assert "评分" in said["zh"]
    assert "by another member of staff" in said["en"]
    if tier != "approve":
        assert "can change the answer" in said["en"]


def test_what_messages_may_not_say_does_not_censor_the_account() -> None:
    words = "A model gave your request a score; ask us at any time."
    used = vary(load(), {"wording.accounts.approve.en": words})
    told = account({"tier": "approve", "required_evidence": [], "reasons": []}, used)
    assert told["en"].startswith(words)
