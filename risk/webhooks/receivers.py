"""Whom we push to: addresses, the secrets they check us by, and what they want to hear."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field

import orjson
import sqlalchemy as sa

from risk.errors import BadInput, NotFound, Problem
from risk.history.connect import Write
from risk.history.envelope import SecretCipher
from risk.history.schema_webhooks import deliveries, receivers

EVENTS = ("decision.made", "decision.tier_changed", "case.deadline_near", "case.decided")


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom we push to; without `events` or `merchants` it is told all."""

    receiver_id: str
    url: str
    secret: str = field(repr=False)
    events: frozenset[str]
    merchants: frozenset[str]
    private: bool
    made_at: int

    def wants(self, event: str, owners: Collection[str | None]) -> bool:
        """Whether an event about an order of these merchants is for this receiver."""
        heard = not self.events or event in self.events
        return heard and (not self.merchants or bool(self.merchants & set(owners)))

    @property
    def key(self) -> bytes:
        """What its pushes are signed with."""
        return base64.b64decode(self.secret.removeprefix("whsec_"))


def add(
    write: Write,
    cipher: SecretCipher,
    url: str,
    *,
    events: Collection[str] = (),
    merchants: Collection[str] = (),
    private: bool = False,
) -> Receiver:
    """Push to an address from now on; its secret is made here. Raises BadInput."""
    unknown = [event for event in events if event not in EVENTS]
    if unknown:
        expected = "one of " + ", ".join(EVENTS)
        raise BadInput([Problem("receiver", None, "events", expected, "another")])
    receiver = Receiver(
        receiver_id="rcv_" + secrets.token_hex(8),
        url=url,
        secret="whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        events=frozenset(events),
        merchants=frozenset(merchants),
        private=private,
        made_at=write.at,
    )
    _insert(write, cipher, receiver)
    return receiver


def _insert(write: Write, cipher: SecretCipher, receiver: Receiver) -> None:
    write.connection.execute(
        sa.insert(receivers).values(
            receiver_id=receiver.receiver_id,
            url=receiver.url,
            secret=cipher.encrypt(receiver.secret, receiver.receiver_id),
            events=orjson.dumps(sorted(receiver.events)).decode(),
            merchants=orjson.dumps(sorted(receiver.merchants)).decode(),
            private=receiver.private,
            made_at=receiver.made_at,
        )
    )


def every(connection: sa.Connection, cipher: SecretCipher) -> list[Receiver]:
    """Those that are not stopped, the oldest first."""
    query = sa.select(receivers).where(receivers.c.stopped_at.is_(None))
    return [
        Receiver(
            row.receiver_id,
            row.url,
            cipher.decrypt(row.secret, row.receiver_id),
            frozenset(orjson.loads(row.events)),
            frozenset(orjson.loads(row.merchants)),
            bool(row.private),
            row.made_at,
        )
        for row in connection.execute(query.order_by(receivers.c.made_at, receivers.c.receiver_id))
    ]


def stop(write: Write, receiver_id: str) -> None:
    """Push no more to a receiver; what waits for it is given up. Raises NotFound."""
    stopped = write.connection.execute(
        sa.update(receivers)
        .where(receivers.c.receiver_id == receiver_id, receivers.c.stopped_at.is_(None))
        .values(stopped_at=write.at)
    )
    if stopped.rowcount == 0:
        raise NotFound(f"no receiver {receiver_id}")
    write.connection.execute(
        sa.update(deliveries)
        .where(deliveries.c.receiver_id == receiver_id, deliveries.c.state == "waiting")
        .values(state="failed", trouble="the receiver was stopped", done_at=write.at)
    )
