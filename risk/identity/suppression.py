"""The suppression list: customers who were forgotten, by keyed marks instead of their ids."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal, get_args

from risk.facts import ORDERS, OWN_IDS, RETRACTIONS, Kind
from risk.facts.parse_columns import Columns

IdType = Literal["customer", "order", "refund", "evidence", "dispute", "name"]
"""`name` is an id of any kind: earlier releases listed those that contain a customer's id so."""

ID_TYPES: dict[str, IdType] = {
    "order_id": "order", "refund_id": "refund", "evidence_id": "evidence", "dispute_id": "dispute",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SuppressionEntry:
    """An entry: since when (ms). `instead` is what earlier releases put in the place of the id."""

    at: int
    instead: str = ""


class SuppressionList:
    """Keeps forgotten customers out of parsed facts before anything of them is stored.

    What such a customer does later belongs to a new customer, known by a keyed hash of the id and
    linked to nothing from before. What is about their orders, requests and evidence from before is
    left out when it is sent again, or late. Nothing in the list leads to what took their place.
    """

    __slots__ = ("_entries", "_key")

    def __init__(self, key: bytes) -> None:
        self._key = blake2b(key=key, digest_size=32, person=b"forgotten").digest()
        self._entries: dict[int, SuppressionEntry] = {}

    def replace_entries(self, entries: Mapping[int, SuppressionEntry]) -> None:
        """Make these the whole list, by mark."""
        self._entries = dict(entries)

    def export(self) -> str:
        """The list as JSON with the key of its marks, for a job that cannot read the store."""
        return json.dumps({"key": self._key.hex(), "entries": sorted(self.times().items())})

    def load(self, text: str) -> None:
        """Be an exported list. Raises ValueError for any other text."""
        try:
            given = json.loads(text)
            key = bytes.fromhex(given["key"])
            entries = {int(mark): SuppressionEntry(int(at)) for mark, at in given["entries"]}
        except (KeyError, TypeError, ValueError):
            raise ValueError("this is no list that `refund-risk suppression-list` wrote") from None
        self._key, self._entries = key, entries

    def times(self) -> dict[int, int]:
        """Since when (ms) each mark is listed."""
        return {mark: entry.at for mark, entry in self._entries.items()}

    def add(self, times: Mapping[int, int]) -> None:
        """List marks that another reader of the same list listed; those listed here stay as is."""
        for mark, at in times.items():
            self._entries.setdefault(mark, SuppressionEntry(at))

    def mark(self, what: IdType, name: str) -> int:
        """The keyed hash that stands for an id in the list."""
        return int.from_bytes(self._digest(what, name, 8), "big", signed=True)

    def covers(self, name: str) -> bool:
        """Whether an id is that of a forgotten customer, or of an order or request of one."""
        return any(self._of(what, name) is not None for what in get_args(IdType))

    def returning_id(self, customer_id: str) -> str:
        """The id of a forgotten customer who comes back."""
        return f"returned:{self._digest('stranger', customer_id, 16).hex()}"

    def _digest(self, what: str, name: str, size: int) -> bytes:
        text = f"{what}\0{name}".encode("utf-8", "surrogatepass")
        return blake2b(text, key=self._key, digest_size=size).digest()

    def _of(self, what: IdType, name: str | None) -> SuppressionEntry | None:
        return None if name is None else self._entries.get(self.mark(what, name))

    def rename_returning(self, kind: Kind, parsed: Columns) -> Columns:
        """Parsed columns with new ids for forgotten customers; the very same where nobody is."""
        if not self._entries or kind is not ORDERS:
            return parsed
        customers = [
            self.returning_id(name) if self._of("customer", name) else name
            for name in parsed["customer_id"]
        ]
        return {**parsed, "customer_id": customers}

    def kept_rows(self, kind: Kind, parsed: Columns) -> Sequence[int] | None:
        """The places of the rows that may be stored; None for all.

        What happened later on a forgotten order is about a new request, and is kept.
        """
        if not self._entries:
            return None
        if kind is RETRACTIONS:
            named = [json.loads(text) for text in parsed["key"]]
            kept = [row for row, key in enumerate(named) if not self._listed(key)]
            return kept if len(kept) < len(named) else None
        rows = range(len(parsed[kind.key[0]]))
        kept = [row for row in rows if not self._is_left_out(kind, parsed, row)]
        return kept if len(kept) < len(rows) else None

    def _is_left_out(self, kind: Kind, parsed: Columns, row: int) -> bool:
        """Whether a row is about a forgotten person from before; its id is listed from then on, so
        that what follows about it is left out as well. Only its own lines make an order theirs."""
        at = parsed[kind.event_time][row]
        found = self._listed({name: parsed[name][row] for name in OWN_IDS if name in parsed})
        if kind is ORDERS and (gone := self._of("customer", parsed["customer_id"][row])):
            found["customer_id"] = gone
        stays = {"customer_id"} if kind is ORDERS else {"order_id"}
        if found.keys() <= stays and not any(at < entry.at for entry in found.values()):
            return False
        key = kind.key[0]
        if kind is ORDERS or key != "order_id":
            entry = next(iter(found.values()))
            self._entries.setdefault(self.mark(ID_TYPES[key], parsed[key][row]), entry)
        return True

    def _listed(self, ids: Mapping[str, Any]) -> dict[str, SuppressionEntry]:
        """The entries of ids, by the name of the field that holds each."""
        found = {
            name: self._of(what, ids.get(name)) or self._of("name", ids.get(name))
            for name, what in ID_TYPES.items()
        }
        return {name: entry for name, entry in found.items() if entry is not None}
