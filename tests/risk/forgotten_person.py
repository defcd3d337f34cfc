"""A person with facts in every table, and a look for what is left of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from risk.cases import Actor
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.schema import FACTS, metadata
from risk.history.store import History
from risk.privacy import (
    ForgetReport,
    forget,
)
from tests.deciders import body, photo

WORDS = "the sleeve came off while my sister Wilhelmina wore it"


REVIEWER = Actor("rita", ("reviewer", "appeal"))


def person(name: str = "walter", **more: Any) -> dict[str, Any]:
    """A body about somebody who can be recognised in every field."""
    one = body(name, reason_text=WORDS, payout_account="acct-88771", device_id="dev-5150")
    one["order"][0] |= {
        "customer_id": f"customer-{name}", "shipping_address": "7 Larch Lane, Flat 3, Leeds",
        "payment_instrument": "card-99172", "device_id": "dev-5150", "phone": "+86 13800138000",
        "ip": "203.0.113.77", **more,
    }  # fmt: skip
    one["shipments"][0]["tracking_no"] = "SF99887766"
    one["evidence"] = [photo(one, content_hash="aa55aa55")]
    return one


def gone(history: History, customer_id: str = "customer-walter") -> ForgetReport:
    return forget(history, customer_id, settle_s=0)


def everything(history: History) -> str:
    """Every value of every row, but for the hashes of things."""
    with history.read() as connection:
        return repr([connection.execute(sa.select(t)).all() for t in metadata.sorted_tables])


def facts_of(history: History) -> list[Any]:
    with history.read() as connection:
        return [connection.execute(sa.select(table)).all() for table in FACTS.values()]


def customers(history: History) -> list[str]:
    with history.read() as connection:
        return sorted(connection.execute(sa.select(FACTS["orders"].c.customer_id)).scalars())


def files(history: History) -> bytes:
    folder = Path(str(history.engine.url.database)).parent
    return b"".join(path.read_bytes() for path in sorted(folder.glob("store.db*")))


def outcome(refund: str, note: str) -> dict[str, Any]:
    return {"refund_id": refund, "decided_at": iso(now_ms() - 60_000), "verdict": "abuse",
            "note": note}  # fmt: skip
