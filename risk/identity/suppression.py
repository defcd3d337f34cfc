"""The suppression list: customers who were forgotten, by keyed marks instead of their ids."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal, get_args

from risk.facts import OWN_IDS, RETRACTIONS, Kind
from risk.facts.parse_columns import Columns

IdType = Literal["customer", "order", "refund", "name"]

_ID_TYPES: dict[str, IdType] = {"order_id": "order", "refund_id": "refund"}


@dataclass(frozen=True, slots=True)
class SuppressionEntry:
    """An entry: since when (ms), and what replaces the id, if anything does.

    An order is replaced by the tombstone of its customer, a name by the id that took its place.
    """

    at: int
    instead: str = ""


class SuppressionList:
    """Removes forgotten customers from parsed facts before anything of them is stored.

    What such a customer does later belongs to a new customer, known by a keyed hash of the id and
    linked to nothing from before. What happened before they were forgotten and is sent again, or
    late, is stored without free text and identities, under the tombstone that replaced them.
    """

    __slots__ = ("_entries", "_key")

    def __init__(self, key: bytes) -> None:
        self._key = blake2b(key=key, digest_size=32, person=b"forgotten").digest()
        self._entries: dict[int, SuppressionEntry] = {}

    def replace_entries(self, entries: Mapping[int, SuppressionEntry]) -> None:
        """Make these the whole list, by mark."""
        self._entries = dict(entries)

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

    def redact(self, kind: Kind, parsed: Columns) -> Columns:
        """Parsed columns without forgotten customers; the very same columns where nobody is."""
        if not self._entries:
            return parsed
        shown = {name: list(values) for name, values in parsed.items()}
        if kind is RETRACTIONS:
            self._retractions(shown)
            return shown
        for name in OWN_IDS:
            for row, value in enumerate(shown.get(name, ())):
                if found := self._of("name", value):
                    shown[name][row] = found.instead
        if kind.personal:
            hide = self._order if "customer_id" in shown else self._about
            for row in range(len(shown[kind.key[0]])):
                hide(kind, shown, row)
        return shown

    def _retractions(self, shown: Columns) -> None:
        """Name what is retracted as it is stored now, without the reason."""
        for row, text in enumerate(shown["key"]):
            key = json.loads(text)
            for name in OWN_IDS:
                if found := self._of("name", key.get(name)):
                    key[name] = found.instead
            gone = [self._of(what, key.get(name)) for name, what in _ID_TYPES.items()]
            shown["key"][row] = json.dumps(key, ensure_ascii=False, sort_keys=True)
            if any(entry and shown["retracted_at"][row] < entry.at for entry in gone):
                shown["reason"][row] = None

    def _order(self, kind: Kind, shown: Columns, row: int) -> None:
        customer, order = shown["customer_id"][row], shown["order_id"][row]
        gone = self._of("customer", customer)
        if gone is None:
            return
        known = self._of("order", order)
        instead = known.instead if known else self.returning_id(customer)
        shown["customer_id"][row] = instead
        if known is None and shown[kind.event_time][row] < gone.at:
            self._entries[self.mark("order", order)] = SuppressionEntry(gone.at, instead)
        _blank(kind, shown, row, gone.at)

    def _about(self, kind: Kind, shown: Columns, row: int) -> None:
        for name in kind.about:
            if name in _ID_TYPES and (gone := self._of(_ID_TYPES[name], shown[name][row])):
                _blank(kind, shown, row, gone.at)


def _blank(kind: Kind, shown: Columns, row: int, until: int) -> None:
    """Remove free text and identities from what happened before `until`."""
    if shown[kind.event_time][row] >= until:
        return
    for name in kind.personal:
        shown[name][row] = None
