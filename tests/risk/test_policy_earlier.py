"""Under a policy of an earlier release every case is decided as that release decided it."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from risk.decisions.log import situation_of
from risk.features.order_money import OrderMoney
from risk.policy import Situation, decide, parse_stored
from risk.policy.next_step import next_step
from tests.risk.policy_cases import DAY, NOW, POLICY, case, yuan

STORES = Path(__file__).parent.parent / "stores"
RELEASES = ("88313f9", "eb29bb3")
WHOLE = OrderMoney(yuan(900), yuan(900), 0, 0, "CNY")


def kept(release: str) -> dict[str, Any]:
    """The policy of a release, and what it decided of many cases."""
    found: dict[str, Any] = json.loads(
        gzip.decompress((STORES / f"{release}.rulings.json.gz").read_bytes())
    )
    return found


@pytest.mark.parametrize("release", RELEASES)
def test_a_policy_decides_as_its_release_did(release: str) -> None:
    known = kept(release)
    policy = parse_stored(known["policy"])
    assert len(known["rulings"]) == 900
    for facts, *decided in known["rulings"]:
        one = situation_of(json.dumps(facts))
        ruling = decide(policy, one)
        asked = [[item.kind, item.source] for item in ruling.required_evidence]
        again = [
            ruling.tier, list(ruling.conditions), [rule.id for rule in ruling.rules], asked,
            list(ruling.suggestions), next_step(policy, one, ruling).action,
        ]  # fmt: skip
        assert again == decided, facts


CASES = (
    case(0.3, 900, claims_received=True, reason_code="missing_item", pieces=3, money=WHOLE),
    case(0.3, 900, type="return_and_refund", reason_code="unwanted", category="fruit",
         delivered_at=NOW - DAY, placed_at=NOW - 4 * DAY),
    case(0.05, 0, type="resend", reason_code="not_received", money=WHOLE),
    case(0.05, 90, claims_received=True, doubtful_pictures=1, older_pictures=True),
    case(0.05, 90, reason_code="unwanted", placed_at=NOW - 4 * DAY),
    case(0.05, 90, type="return_and_refund", reason_code="unwanted", category="gift_cards",
         placed_at=NOW - 4 * DAY),
)  # fmt: skip
"""What is decided otherwise since the oldest of these releases: pieces that are missing, kinds that
are not sent back, amounts of zero, older pictures, parcels nobody saw leave, and codes."""


@pytest.mark.parametrize("one", CASES)
def test_what_came_later_changes_nothing_under_it(one: Situation) -> None:
    """What facts say of a case is read as today; what follows from it is the policy's."""
    policy = parse_stored(kept("88313f9")["policy"])
    plain = replace(
        one,
        pieces=1,
        older_pictures=False,
        order_pieces=0,
        kept_before=0,
        honest_findings=0,
        unproven_before=None,
    )
    earlier, same = decide(policy, one), decide(policy, plain)
    assert (earlier.tier, earlier.conditions) == (same.tier, same.conditions)
    today = decide(POLICY, one)
    assert (today.tier, today.conditions, today.customer_message) != (
        earlier.tier, earlier.conditions, earlier.customer_message,
    )  # fmt: skip
