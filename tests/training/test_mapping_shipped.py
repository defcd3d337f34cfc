"""Exports in the form that shops really get them, read by the mappings that are shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from risk.facts.parse import parse_time
from risk.facts.parse_columns import parse_columns
from risk.history.store import History
from tests.foreign_exports import exports
from training.facts.folder import left_out, open_folder
from training.facts.import_folder import ImportOptions, import_folder
from training.facts.mapping.guess_mapping import guess_mapping
from training.facts.mapping.mapping_file import load_mapping, shipped


def rows_of(folder: Path, mapping: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for file in open_folder(folder, load_mapping(mapping)):
        for chunk in file.chunks():
            parsed, problems = parse_columns(file.kind, chunk.columns, chunk.lines)
            assert problems == []
            rows = [dict(zip(parsed, row, strict=True))
                    for row in zip(*parsed.values(), strict=True)]  # fmt: skip
            found.setdefault(file.kind.name, []).extend(rows)
    return found


def only(row: dict[str, Any], **wanted: Any) -> None:
    for name, value in wanted.items():
        assert row[name] == (parse_time(value) if name.endswith("_at") else value), name


def test_shopify(tmp_path: Path) -> None:
    found = rows_of(exports(tmp_path / "in", "shopify"), "shopify")
    first, second, third, till = found["orders"]
    only(first, order_id="#1001", line_id="1", customer_id="ann@example.com", amount=250_000,
         placed_at="2026-01-01T10:00:00-05:00", currency="USD", quantity=2, sku="MUG-B",
         channel="shop", phone="+1 413 555 0100", delivery_amount=None,
         shipping_address="1 Road, Springfield, MA, '01101, US")  # fmt: skip
    only(second, order_id="#1001", line_id="2", amount=250_000, currency="USD", channel="shop",
         phone="+1 413 555 0100", delivery_amount=None)  # fmt: skip
    only(third, order_id="#1002", line_id="1", customer_id="+1 617 555 0101", channel="other")
    assert [row["order_id"] for row in found["shipments"]] == ["#1001"]
    only(till, order_id="#1003", customer_id="#1003", shipping_address=None, phone=None)
    refund, to_gift_card, to_card = found["refunds"]
    only(refund, order_id="#1001", requested_at="2026-01-09T11:00:00-05:00", amount=250_000,
         reason_code="other", line_id=None)  # fmt: skip
    only(to_gift_card, refund_id="#1002 refund 2026-01-10 11:00:00 -0500", amount=40_000)
    only(to_card, refund_id="#1002 refund 2026-01-10 11:00:00 -0500 2", amount=60_000)


def test_woocommerce(tmp_path: Path) -> None:
    found = rows_of(exports(tmp_path / "in", "woocommerce"), "woocommerce")
    first, second, guest = found["orders"]
    only(first, order_id="701", line_id="31", customer_id="eva@example.com", amount=449_000,
         placed_at="2026-02-01T09:30:00Z", currency="EUR", quantity=2, sku="L-1",
         shipping_address="Gasse 1, Top 5, Wien, 1010, AT", ip="203.0.113.4")  # fmt: skip
    only(second, line_id="32", amount=0)
    only(guest, order_id="702", customer_id="702", amount=49_000)
    broken, silent = found["refunds"]
    only(broken, refund_id="790", order_id="701", amount=200_000, reason_code="damaged",
         requested_at="2026-02-10T09:00:00Z", reason_text="Arrived damaged, one lamp")  # fmt: skip
    only(silent, amount=200_000, reason_code="other", reason_text=None)


def test_amazon(tmp_path: Path) -> None:
    found = rows_of(exports(tmp_path / "in", "amazon"), "amazon")
    order, begun, open_quote, closing = found["orders"]
    only(order, order_id="113-1234567-1234567", line_id="12345678901234", amount=215_800,
         customer_id="q1w2e3@marketplace.amazon.com", placed_at="2026-01-05T18:00:00-08:00",
         quantity=2, sku="AC-1", currency="USD")  # fmt: skip
    only(begun, line_id="12345678901235", sku="AC-2", quantity=2)
    only(open_quote, sku="AC-3", customer_id="113-1234567-1234568", phone="+1 775-555-0102 ext. 1")
    only(closing, sku="AC-4", order_id="113-1234567-1234569")
    refund, another = found["refunds"]
    only(another, refund_id="DabcRMA1 2", order_id="113-1234567-1234567", amount=199_800)
    only(refund, refund_id="DabcRMA1", order_id="113-1234567-1234567", amount=199_800,
         requested_at="2026-01-14T00:00:00-08:00", reason_code="wrong_item",
         type="return_and_refund")  # fmt: skip


def test_doudian(tmp_path: Path) -> None:
    found = rows_of(exports(tmp_path / "in", "doudian"), "doudian")
    order, *masked = found["orders"]
    assert [row["customer_id"] for row in masked] == ["6930000000000000011", "6930000000000000012"]
    for row in masked:
        only(row, phone=None, shipping_address=None, delivery_amount=None, amount=1_890_000)
    only(order, order_id="6930000000000000001", line_id="6930000000000000002", amount=1_890_000,
         placed_at="2026-03-01T08:00:00+08:00", channel="live", sku="SKU-9", quantity=1,
         shipping_address="浙江省杭州市西湖区文三路1号5幢", customer_id="138****0001")  # fmt: skip
    back, never = found["refunds"]
    only(back, refund_id="7300000000000000001", order_id="6930000000000000001",
         line_id="6930000000000000002", amount=1_890_000, type="return_and_refund",
         reason_code="not_as_described", claims_received=1,
         requested_at="2026-03-05T21:10:00+08:00")  # fmt: skip
    only(never, type="refund_only", reason_code="unwanted", claims_received=0, line_id=None)


def test_taobao(tmp_path: Path) -> None:
    found = rows_of(exports(tmp_path / "in", "taobao"), "taobao")
    order, masked = found["orders"]
    only(masked, customer_id="1234567890123456700", phone=None, shipping_address=None,
         payment_instrument=None)  # fmt: skip
    only(order, order_id="1234567890123456789", customer_id="买家一号", amount=1_000_000,
         placed_at="2026-03-01T08:00:00+08:00", phone="13800000002", delivery_amount=None,
         shipping_address="广东省 深圳市 南山区 科技路1号")  # fmt: skip
    refund, never = found["refunds"]
    only(never, refund_id="98765432101", type="refund_only", claims_received=0, reason_text=None,
         reason_code="late", amount=200_000)  # fmt: skip
    only(refund, refund_id="98765432100", order_id="1234567890123456789", amount=1_000_000,
         requested_at="2026-03-06T10:00:00+08:00", reason_code="defective",
         type="return_and_refund", claims_received=1, reason_text="漏水")  # fmt: skip


def test_every_mapping_is_tried_here() -> None:
    assert shipped() == ["amazon", "doudian", "shopify", "taobao", "woocommerce"]


@pytest.mark.parametrize("system", shipped())
def test_an_export_is_imported_and_every_reference_met(
    history: History, tmp_path: Path, system: str
) -> None:
    folder = exports(tmp_path / "in", system)
    report = import_folder(history, folder, ImportOptions(mapping=load_mapping(system)))
    assert report.problems == []
    assert report.new["orders"] > 0
    assert report.new["refunds"] > 0
    assert not [note for note in report.notes if "not there" in note or "does not have" in note]
    assert left_out(folder, load_mapping(system)) == []


@pytest.mark.parametrize("system", shipped())
def test_an_export_is_known_whatever_its_files_are_called(
    history: History, tmp_path: Path, system: str
) -> None:
    folder = exports(tmp_path / "in", system)
    for number, path in enumerate(sorted(folder.iterdir())):
        path.rename(folder / f"file-{number}{path.suffix}")
    guessed = tmp_path / "guessed.toml"
    guessed.write_text(guess_mapping(folder), encoding="utf-8")
    assert f"as of the mapping `{system}`" in guessed.read_text(encoding="utf-8")
    (tmp_path / "again").mkdir()
    assert rows_of(folder, str(guessed)) == rows_of(
        exports(tmp_path / "again" / "in", system), system
    )
