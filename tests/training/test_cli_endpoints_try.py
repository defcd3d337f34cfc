"""`endpoints try`: what a push would bring, with nothing stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from training.cli import app

ORDER = {"id": 1, "currency": "EUR", "created_at": "2026-03-01T08:00:00Z", "customer": {"id": 4},
         "line_items": [{"id": 1, "price": "5.00", "quantity": 2}]}  # fmt: skip


def tried(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["endpoints", "try", *words])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def order(tmp_path: Path) -> str:
    file = tmp_path / "order.json"
    file.write_text(json.dumps(ORDER))
    return str(file)


def test_facts_are_shown(order: str) -> None:
    code, out, err = tried("shopify", order, "--header", "X-Shopify-Topic: orders/create")
    assert (code, "rule orders/*" in err) == (0, True)
    [line] = json.loads(out)["orders"]
    assert (line["amount"], line["order_id"]) == ("10.00", "shopify:NAME:1")


def test_what_is_wrong_is_named(order: str, tmp_path: Path) -> None:
    table = tmp_path / "mine.toml"
    table.write_text('[[messages]]\n[[messages.orders]]\norder_id = "id"\namount = "currency"\n')
    code, _, err = tried("shopify", order, "--mapping", str(table))
    assert code == 1
    assert "field customer_id" in err
    assert "field amount: expected an amount of money" in err


def test_what_has_no_rule_says_so(order: str) -> None:
    code, _, err = tried("shopify", order)
    assert (code, "no rule" in err) == (0, True)
    assert tried("nobody", order)[0] == 1


def test_a_return_says_what_it_rests_on(tmp_path: Path) -> None:
    file = tmp_path / "return.json"
    file.write_text(json.dumps({"id": 9, "order": {"id": 1}, "return_line_items": []}))
    code, out, _ = tried("shopify", str(file), "--header", "x-shopify-topic:returns/request")
    assert code == 0
    assert "stored lines" in json.loads(out)["refunds"][0]["amount"]


def test_a_file_that_would_not_be_fetched(tmp_path: Path) -> None:
    url, at = "https://files.example.com/a", "2026-03-01T08:00:00Z"
    item = {"evidence_id": "E", "refund_id": "R", "kind": "photo", "submitted_at": at}
    item["file_url"] = url
    file, table = tmp_path / "push.json", tmp_path / "mine.toml"
    file.write_text(json.dumps({"evidence": [item]}))
    code, out, err = tried("freshdesk", str(file))
    assert (code, json.loads(out)["evidence"][0]["file_url"]) == (0, url)
    assert "would not be fetched: no host" in err
    table.write_text('[files]\nhosts = ["files.example.com"]\n')
    code, _, err = tried("freshdesk", str(file), "--mapping", str(table))
    assert (code, "would not be fetched" in err) == (0, False)
