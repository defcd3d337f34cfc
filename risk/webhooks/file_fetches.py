"""Files to be fetched, in the store: which message named them, and what became of each.

When one is due is decided by the machine's clock, as for deliveries.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa

from risk.evidence.file_cipher import FileCipher
from risk.facts.units import MINUTE_MS
from risk.history.connection.connect import Write, now_ms
from risk.history.envelope import SecretCipher
from risk.history.schema.schema_webhooks import file_fetches
from risk.history.store import History
from risk.webhooks.deliveries import PAUSES_S, pause_ms
from risk.webhooks.inbox_rows import InboxMessage

State = Literal["waiting", "fetched", "refused", "failed"]

HOLD_MS = 2 * MINUTE_MS
"""For so long a fetch is its worker's; if that one dies, another takes it up."""


PATIENCE_MS = 5 * MINUTE_MS
"""For so long a request waits for the first try of its files before it is decided without them."""


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file that a message names: of which item of evidence, and where it is; `decide`: its
    request is decided when the file was tried, and again when it comes later."""

    evidence_id: str
    url: str = field(repr=False)
    decide: bool


@dataclass(frozen=True, slots=True)
class FileFetch:
    """One file that is fetched; `address` is encrypted. Times in ms."""

    fetch_id: str
    message_id: str
    system: str
    name: str
    evidence_id: str
    address: bytes = field(repr=False)
    decide: bool
    state: State
    due_at: int
    tries: int
    decide_at: int | None
    trouble: str | None

    def url(self, cipher: SecretCipher) -> str:
        """Where the file is."""
        return cipher.decrypt(self.address, _context(self.evidence_id))


_c = file_fetches.c
_FETCH = [_c[name] for name in FileFetch.__dataclass_fields__]
_ADD = sa.text(
    "INSERT INTO file_fetches (fetch_id, message_id, system, name, evidence_id, mark, address, "
    "decide, made_at, state, due_at, tries, decide_at) VALUES (:fetch_id, :message_id, :system, "
    ":name, :evidence_id, :mark, :address, :decide, :made_at, 'waiting', :due_at, 0, :decide_at) "
    "ON CONFLICT (evidence_id, mark) DO NOTHING"
)


def add(write: Write, history: History, named_by: InboxMessage, wanted: WantedFile) -> None:
    """Have a file fetched; one that was refused or given up is tried again from the start, one that
    was fetched is not."""
    marks, cipher = FileCipher(history.envelope_key), SecretCipher(history.envelope_key)
    mark = marks.digest(wanted.url.encode())
    values = {
        "fetch_id": "ff_" + secrets.token_hex(12), "message_id": named_by.message_id,
        "system": named_by.system, "name": named_by.name, "evidence_id": wanted.evidence_id,
        "mark": mark, "address": cipher.encrypt(wanted.url, _context(wanted.evidence_id)),
        "decide": wanted.decide, "made_at": now_ms(), "due_at": now_ms(),
        "decide_at": now_ms() if wanted.decide else None,
    }  # fmt: skip
    if write.connection.execute(_ADD, values).rowcount == 1:
        return
    known = sa.update(file_fetches).where(_c.evidence_id == wanted.evidence_id, _c.mark == mark)
    write.connection.execute(known.values(decide=wanted.decide, decide_at=values["decide_at"]))
    again = {n: values[n] for n in ("message_id", "system", "name", "due_at")}
    write.connection.execute(
        known.where(_c.state.in_(("refused", "failed"))).values(
            **again, state="waiting", tries=0, trouble=None, done_at=None
        )
    )


def _context(evidence_id: str) -> str:
    return f"file_fetches:{evidence_id}"


def due(
    connection: sa.Connection, limit: int, busy: Collection[tuple[str, str]]
) -> list[FileFetch]:
    """What is to be fetched now, the longest waiting first; not for endpoints that are busy."""
    query = sa.select(*_FETCH).where(_c.state == "waiting", _c.due_at <= now_ms())
    for system, name in busy:
        query = query.where(sa.or_(_c.system != system, _c.name != name))
    return _read(connection, query.order_by(_c.due_at, _c.fetch_id).limit(limit))


def undecided(connection: sa.Connection, limit: int) -> list[FileFetch]:
    """Files whose requests are to be decided now: no file of their message has yet to be tried for
    the first time, or that takes too long."""
    other, lately = file_fetches.alias().c, now_ms() - PATIENCE_MS
    untried = sa.exists().where(
        other.message_id == _c.message_id, other.state == "waiting", other.tries == 0,
        other.made_at > lately,
    )  # fmt: skip
    query = sa.select(*_FETCH).where(_c.decide_at <= now_ms(), ~untried)
    return _read(connection, query.order_by(_c.decide_at, _c.fetch_id).limit(limit))


def _read(connection: sa.Connection, query: sa.Select[Any]) -> list[FileFetch]:
    return [FileFetch(*row) for row in connection.execute(query)]


def take(write: Write, wanted: Sequence[FileFetch]) -> list[FileFetch]:
    """Take fetches to work on; those another process took first are left out."""
    return [one for one in wanted if _held(write, one)]


def _held(write: Write, one: FileFetch) -> bool:
    held = sa.update(file_fetches).where(
        _c.fetch_id == one.fetch_id, _c.state == one.state, _c.due_at == one.due_at
    )
    return write.connection.execute(held.values(due_at=now_ms() + HOLD_MS)).rowcount == 1


def hold_undecided(write: Write, wanted: Sequence[FileFetch]) -> list[FileFetch]:
    """Take files to decide on; those another process took first are left out."""
    held = []
    for one in wanted:
        here = (_c.fetch_id == one.fetch_id, _c.decide_at == one.decide_at)
        mine = sa.update(file_fetches).where(*here).values(decide_at=now_ms() + HOLD_MS)
        held += [one] if write.connection.execute(mine).rowcount == 1 else []
    return held


def fetched(write: Write, one: FileFetch) -> None:
    """It is taken in: its request is decided, where its rule says so."""
    decide_at = now_ms() if one.decide else None
    _change(write, one, state="fetched", trouble=None, decide_at=decide_at, done_at=write.at)


def refused(write: Write, one: FileFetch, trouble: str) -> None:
    """It is not tried again."""
    _change(write, one, state="refused", trouble=trouble, done_at=write.at)


def not_yet(write: Write, one: FileFetch, trouble: str) -> State:
    """It did not come: tried again later, or given up after a day; answers its state."""
    if one.tries >= len(PAUSES_S):
        _change(write, one, state="failed", trouble=trouble, done_at=write.at)
        return "failed"
    due_at = now_ms() + pause_ms(one.tries)
    _change(write, one, due_at=due_at, tries=one.tries + 1, trouble=trouble)
    return "waiting"


def decided(write: Write, held: Sequence[FileFetch]) -> None:
    """The requests of these files were decided."""
    for one in held:
        _change(write, one, decide_at=None)


def decide_later(write: Write, held: Sequence[FileFetch]) -> None:
    """Their requests could not be decided now: that is tried again after the first pause."""
    for one in held:
        _change(write, one, decide_at=now_ms() + pause_ms(0))


def _change(write: Write, one: FileFetch, **values: Any) -> None:
    here = sa.update(file_fetches).where(_c.fetch_id == one.fetch_id)
    write.connection.execute(here.values(**values))


def of_messages(
    connection: sa.Connection, message_ids: Collection[str]
) -> dict[str, list[FileFetch]]:
    """By message the files that it names; at most a page of messages."""
    query = sa.select(*_FETCH).where(_c.message_id.in_(sorted(message_ids)))
    found: dict[str, list[FileFetch]] = {}
    for one in _read(connection, query.order_by(_c.evidence_id, _c.fetch_id)):
        found.setdefault(one.message_id, []).append(one)
    return found
