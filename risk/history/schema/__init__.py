"""The tables of the store, on SQLite and PostgreSQL alike.

Fact tables come from `facts.columns.STORED`; derived tables hold what `features.derived` selects.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from risk.facts import KINDS
from risk.facts.columns import STORED
from risk.facts.revisions import FOREVER
from risk.features.derived import KEYS

metadata = sa.MetaData()

Text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that sorts by code point on both databases, as ties in features need."""

_TYPES: dict[str, Any] = {"text": Text, "integer": sa.BigInteger(), "real": sa.Double()}

IDENTITIES = ("address", "door", "payment", "device", "phone", "payout")

_UNLESS_CORRECTED = {"revision": 1, "valid_from": 0, "valid_to": FOREVER}
"""What rows hold that no correction or retraction concerns."""


def _interval(name: str, **more: Any) -> sa.Column[int]:
    unless_corrected = sa.text(str(_UNLESS_CORRECTED[name]))
    return sa.Column(name, sa.BigInteger, nullable=False, server_default=unless_corrected, **more)


def _holds() -> tuple[sa.Column[int], sa.Column[int]]:
    """When a derived row holds; a row that took the place of another is another row."""
    return _interval("valid_from", primary_key=True, autoincrement=False), _interval("valid_to")


def _fact_table(kind: str) -> sa.Table:
    columns = [
        sa.Column("fact_key", sa.BigInteger, primary_key=True, autoincrement=False)
        if column.name == "fact_key"
        else _interval(column.name)
        if column.name in _UNLESS_CORRECTED and kind in KINDS
        else sa.Column(
            column.name,
            _TYPES[column.type],
            server_default=str(column.default) if column.later and column.default else None,
        )
        for column in STORED[kind]
    ]
    return sa.Table(kind, metadata, *columns, sa.Column("commit_no", sa.BigInteger, nullable=False))


FACTS: dict[str, sa.Table] = {kind: _fact_table(kind) for kind in STORED}
"""The fact tables; `fact_key` is the digest of the contract's key, for a later revision one of its
own: such a row names the fact's first in `corrects`, and holds the `known_at` of the first."""

HOLDS, WORDS = ("valid_from", "valid_to"), ("text_exact", "near_1", "near_2", "near_3")


def latest(table: sa.Table) -> Any:
    """The rows that are the latest there is of each fact, without what was taken back."""
    return table.c.valid_to == FOREVER


def index(table: sa.Table, key: str, *rest: str, only: str = "", name: str = "") -> None:
    """An index for look-ups by `key`; `rest` is the order features want their rows in."""
    where = sa.text(only) if only else None
    columns = [table.c[column] for column in (key, *rest)]
    sa.Index(f"ix_{table.name}_{name or key}", *columns, sqlite_where=where, postgresql_where=where)


index(FACTS["orders"], "order_id", "known_at", "fact_key")
index(
    FACTS["orders"], "customer_id", "known_at", "fact_key",
    "order_id", "placed_at", "amount", "currency", *HOLDS,
)  # fmt: skip
index(
    FACTS["orders"], "sku", "known_at", "fact_key",
    "order_id", "amount", "quantity", "currency", *HOLDS, only="sku IS NOT NULL",
)  # fmt: skip
index(FACTS["shipments"], "order_id", "known_at", "fact_key")
index(
    FACTS["shipments"], "courier", "known_at", "fact_key", "order_id", "status", *HOLDS,
    only="status IN ('delivered', 'lost', 'returned_to_sender')",
)  # fmt: skip
index(FACTS["shipments"], "tracking", "known_at", "fact_key", only="direction = 'return'")
SENT = "direction = 'outbound' AND status = 'shipped'"
"""A parcel was sent to a customer: such rows alone are indexed by time."""
index(FACTS["shipments"], "occurred_at", "courier", "valid_to", only=SENT)
index(FACTS["orders"], "placed_at", "valid_to", "category", "merchant_id", "order_id")
index(FACTS["refunds"], "refund_id")
index(FACTS["refunds"], "order_id", "known_at", "fact_key")
index(FACTS["refunds"], "requested_at")
for _key in ("refund_id", "photo"):
    index(FACTS["evidence"], _key, "known_at", "fact_key")
index(FACTS["evidence"], "evidence_id")
index(FACTS["files"], "picture", "known_at", "fact_key", only="picture IS NOT NULL")
index(FACTS["inspections"], "refund_id", "known_at", "fact_key")
index(FACTS["outcomes"], "refund_id")
for _kind in KINDS:
    index(FACTS[_kind], "corrects", only="corrects IS NOT NULL")
index(FACTS["retractions"], "target")


def _index_subjects() -> None:
    """An index by what the facts of each kind are about, where there is none yet."""
    for kind in KINDS.values():
        indexed = {index.name for index in FACTS[kind.name].indexes}
        for name in kind.about:
            if f"ix_{kind.name}_{name}" not in indexed:
                only = f"{name} IS NOT NULL" if kind.field(name).later else ""
                index(FACTS[kind.name], name, "known_at", "fact_key", only=only)


_index_subjects()


def _key_columns() -> list[sa.Column[object]]:
    return [
        sa.Column(key, sa.BigInteger if key in IDENTITIES else Text, nullable=key != "order_id")
        for key in KEYS
    ]


requests = sa.Table(
    "requests",
    metadata,
    sa.Column("refund_id", Text, primary_key=True),
    *_key_columns(),
    *(sa.Column(n, sa.BigInteger) for n in WORDS),
    sa.Column("refund_device", sa.BigInteger),
    sa.Column("type", Text),
    sa.Column("reason_code", Text),
    sa.Column("amount", sa.BigInteger),
    sa.Column("currency", Text),
    sa.Column("state", Text, server_default="open"),
    sa.Column("claims_received", sa.BigInteger),
    sa.Column("requested_at", sa.BigInteger),
    sa.Column("placed_at", sa.BigInteger),
    sa.Column("account_created_at", sa.BigInteger),
    sa.Column("known_at", sa.BigInteger, nullable=False),
    *_holds(),
)
findings = sa.Table(
    "findings",
    metadata,
    sa.Column("refund_id", Text, primary_key=True),
    *_key_columns(),
    sa.Column("label", sa.BigInteger, nullable=False),
    sa.Column("fault", sa.BigInteger, nullable=False),
    sa.Column("verdict", Text),
    sa.Column("authority", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("amount", sa.BigInteger),
    sa.Column("currency", Text),
    sa.Column("type", Text),
    sa.Column("reason_code", Text),
    sa.Column("known_at", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("stands_until", sa.BigInteger),
    *_holds(),
)
claims = sa.Table(
    "claims",
    metadata,
    sa.Column("refund_id", Text, primary_key=True),
    sa.Column("order_id", Text, nullable=False),
    sa.Column("customer_id", Text),
    sa.Column("courier", Text),
    sa.Column("reason_code", Text),
    sa.Column("known_at", sa.BigInteger, nullable=False),
    *_holds(),
    sqlite_with_rowid=False,
)
returns = sa.Table(
    "returns",
    metadata,
    sa.Column("refund_id", Text, primary_key=True),
    sa.Column("inspected_at", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("order_id", Text, nullable=False),
    sa.Column("customer_id", Text),
    sa.Column("merchant_id", Text),
    sa.Column("condition", Text),
    sa.Column("as_claimed", sa.BigInteger),
    sa.Column("inspected_by", Text),
    sa.Column("known_at", sa.BigInteger, nullable=False),
    *_holds(),
)
sightings = sa.Table(
    "sightings",
    metadata,
    sa.Column("kind", Text, primary_key=True),
    sa.Column("entity", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("customer_id", Text, primary_key=True),
    sa.Column("known_at", sa.BigInteger, nullable=False),
    *_holds(),
    sa.PrimaryKeyConstraint("customer_id", "kind", "entity", "valid_from"),
    sqlite_with_rowid=False,
)
"""By customer, so that SQLite keeps the sightings of one request side by side, on one page."""
DERIVED: dict[str, sa.Table] = {
    table.name: table for table in (requests, findings, claims, returns, sightings)
}
"""What `features.streams` selects from the facts, kept beside them for look-ups by entity."""

_READ: dict[tuple[str, str], tuple[str, ...]] = {
    ("requests", "merchant_id"): ("amount", "currency"),
    ("requests", "sku"): ("customer_id", "reason_code", *WORDS),
    ("findings", "merchant_id"): ("fault", "label", "stands_until"),
    ("findings", "category"): ("label", "stands_until"),
}
"""What features read of entities with very many rows: their index holds it, so that hundreds of
rows are read from a few pages rather than each from its own."""


def _covered(table: str, key: str) -> tuple[str, ...]:
    read = _READ.get((table, key), ())
    return (*read, *HOLDS) if read else ()


for _key in ("customer_id", "merchant_id", "category", "sku", *IDENTITIES):
    _known = f"{_key} IS NOT NULL" if _key in ("sku", *IDENTITIES) else ""
    if _key != "category":
        index(requests, _key, "known_at", "refund_id", *_covered("requests", _key), only=_known)
    index(
        findings, _key, "known_at", "refund_id", "authority", *_covered("findings", _key),
        only=_known,
    )  # fmt: skip
index(claims, "courier", "known_at", "refund_id", "customer_id", "reason_code", *HOLDS)
index(returns, "customer_id", "known_at", "refund_id", "inspected_at")
for _table in (requests, findings, claims, returns):
    index(_table, "order_id")
index(sightings, "kind", "entity", "known_at", "customer_id", *HOLDS)
index(sightings, "customer_id", "kind", "known_at", "entity", *HOLDS)
index(sightings, "customer_id", only=f"valid_to - valid_from < {FOREVER}", name="bounded")

commits = sa.Table(
    "commits",
    metadata,
    sa.Column("commit_no", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("who", Text),
    sa.Column("import_no", sa.BigInteger),
)
"""One row a writing transaction, in commit order; `at` is the store's never-receding clock.

`who` stored corrections, retractions or an import; `import_no` is the first commit of that import.
"""
index(commits, "import_no", only="import_no IS NOT NULL")
