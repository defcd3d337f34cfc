"""The lane in which no reason is owed: what must not count leaves the Decision as it was."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from risk.decisions.case import read_one
from risk.decisions.judge import judge
from risk.facts import MEMBERS
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.identity import Hasher
from risk.policy import load
from tests.deciders import DAY, HOUR, body, bundle, decider, photo
from tests.stores import new_store

NOW = now_ms() - DAY
"""One moment of asking for two stores that are to be compared to the bit."""

CHANGES: list[dict[str, Any]] = [
    {"reason_code": "counterfeit"},
    {"reason_code": "not_received", "claims_received": True},
    {"reason_text": "THIS IS A SCANDAL!!! I wore it once. I will call a lawyer!"},
    {"reason_text": None},
    {"claims_received": False},
    {"claims_received": None},
    {"evidence": "given"},
    {"evidence": "declined"},
]


SEED = 2
"""Of a model whose trees split on reason, wording and proof."""


def judged_alone(folder: Path, told: dict[str, Any], *, right: bool) -> bytes:
    """The Decision in a store of its own at `NOW`; stores under one key hash alike."""
    told["order"][0]["no_reason_return"] = right
    history = new_store(folder / "store.db")
    same = replace(history, hasher=Hasher(b"one key"), audit_key=b"another")
    for member, kind in MEMBERS.items():
        given = told.get(member, [])
        ingest(same, kind.name, given if isinstance(given, list) else [given], may_backdate=True)
    champion = decider(same, model=bundle(SEED)).ready()
    with same.read() as connection:
        refund_id = told["refund"]["refund_id"]
        case = read_one(connection, champion.reader, refund_id, NOW, same.audit_key)
    judgement = judge(case, champion, load(None))
    history.close()
    return judgement.decision("one id", refund_id, NOW, judgement.reasons()).to_json()


def changed(one: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    other = deepcopy(one)
    if "evidence" not in change:
        other["refund"].update(change)
    elif change["evidence"] == "given":
        other["evidence"] = [photo(other, captured_at=iso(NOW - 90 * DAY)), photo(other, 2)]
    else:
        other["evidence"] = [photo(other, kind="declined", content_hash=None)]
    return other


MAY_DIFFER = ("warnings", "customer_message", "suggestions", "rules", "why")
"""Warnings name what is odd in the data; a fault gives free postage and other alternatives."""


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_where_no_reason_is_owed_neither_reason_nor_proof_count(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    one = body("right", type="return_and_refund", at=NOW - HOUR)
    other = changed(one, change)
    folders = [tmp_path / name for name in "abcd"]
    for folder in folders:
        folder.mkdir()
    here, there = (
        judged_alone(folder, told, right=True)
        for folder, told in zip(folders[:2], (one, other), strict=True)
    )
    one_way, other_way = (
        {key: value for key, value in orjson.loads(made).items() if key not in MAY_DIFFER}
        for made in (here, there)
    )
    assert one_way["lane"] == "no_reason"
    assert one_way == other_way


def test_where_a_reason_is_owed_it_counts(tmp_path: Path) -> None:
    one = body("owed", type="return_and_refund", at=NOW - HOUR)
    scores = []
    for number, told in enumerate([one, *(changed(one, change) for change in CHANGES)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        answer = orjson.loads(judged_alone(folder, told, right=False))
        assert answer["lane"] == "standard"
        scores.append(answer["raw_score"])
    assert len(set(scores)) > 1
