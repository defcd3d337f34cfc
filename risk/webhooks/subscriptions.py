"""Subscriptions: the receivers that events are pushed to, their secrets, what they want to have."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, get_args

import orjson
import sqlalchemy as sa
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from risk.errors import BadInput, Forbidden, NotFound, Problem
from risk.facts.units import HOUR_MS
from risk.history.connection.connect import Write, now_ms
from risk.history.connection.prepared import Prepared
from risk.history.envelope import SecretCipher
from risk.history.schema.schema_webhooks import deliveries, receivers
from risk.history.store import History
from risk.webhooks.public_address import url_refusal
from risk.webhooks.signing import OVERLAP_HOURS, SECRET_MARK, key_of

EventName = Literal[
    "decision.made",
    "decision.tier_changed",
    "case.deadline_near",
    "case.decided",
    "case.closed",
    "case.asked",
    "case.call_asked",
    "case.offered",
    "case.escalated",
    "case.mentioned",
    "requests.surging",
]
INTERNAL: frozenset[EventName] = frozenset({"case.escalated", "case.mentioned", "requests.surging"})
"""What the platform's people tell one another: for receivers of no merchant's own."""

EVENTS: tuple[EventName, ...] = get_args(EventName)


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("text without NUL characters")
    return text


MerchantId = Annotated[str, Field(max_length=200), AfterValidator(_without_nul)]


class SubscriptionSettings(BaseModel):
    """Where to push to, and what."""

    model_config = ConfigDict(extra="forbid", strict=True)

    url: Annotated[
        str,
        Field(max_length=2_000, json_schema_extra={"format": "uri", "pattern": "^https?://"}),
    ]
    events: Annotated[
        list[EventName] | None, Field(description="what it wants to have; empty is everything")
    ] = None
    merchants: Annotated[
        list[MerchantId] | None,
        Field(description="whose orders it wants to have events of; empty is everybody's"),
    ] = None
    private: Annotated[
        bool | None,
        Field(
            description="plain http and addresses of the own network too; only a call from the "
            "service's own machine may allow it"
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A receiver and what it gets; without `events` or `merchants` it gets all.

    `previous` is the secret before, with which deliveries are signed too until `previous_until`
    (ms).
    """

    receiver_id: str
    url: str
    secret: str = field(repr=False)
    events: frozenset[str]
    merchants: frozenset[str]
    private: bool
    made_at: int
    previous: str = field(default="", repr=False)
    previous_until: int = 0

    def wants(self, event: str, owners: Collection[str | None]) -> bool:
        """Whether an event about a request of these merchants is for this receiver."""
        wanted = not self.events or event in self.events
        own = bool(owners) and set(owners) <= self.merchants
        return wanted and (not self.merchants or own)

    def keys(self, now: int) -> list[bytes]:
        """What its deliveries are signed with at `now` (ms)."""
        overlapping = self.previous and now < self.previous_until
        return [key_of(one) for one in (self.secret, *([self.previous] if overlapping else []))]


def subscribe(
    history: History, cipher: SecretCipher, settings: SubscriptionSettings, *, local: bool
) -> Subscription:
    """Push to an address from now on; `local` says whether this machine asks for it.

    Raises BadInput for an address that cannot be pushed to, and Forbidden for `private` from
    elsewhere than this machine.
    """
    private = bool(settings.private)
    if private and not local:
        raise Forbidden("private: only a call from this machine may allow it")
    if why := url_refusal(settings.url, private=private):
        raise BadInput([Problem("receiver", None, "url", why)])
    with history.write() as write:
        return add(
            write,
            cipher,
            settings.url,
            events=settings.events or (),
            merchants=settings.merchants or (),
            private=private,
        )


def add(
    write: Write,
    cipher: SecretCipher,
    url: str,
    *,
    events: Collection[str] = (),
    merchants: Collection[str] = (),
    private: bool = False,
) -> Subscription:
    """Store a subscription; its secret is made here."""
    made = Subscription(
        receiver_id="rcv_" + secrets.token_hex(8),
        url=url,
        secret=new_secret(),
        events=frozenset(events),
        merchants=frozenset(merchants),
        private=private,
        made_at=write.at,
    )
    write.connection.execute(
        sa.insert(receivers).values(
            receiver_id=made.receiver_id,
            url=made.url,
            secret=cipher.encrypt(made.secret, made.receiver_id),
            events=orjson.dumps(sorted(made.events)).decode(),
            merchants=orjson.dumps(sorted(made.merchants)).decode(),
            private=made.private,
            made_at=made.made_at,
        )
    )
    return made


def new_secret() -> str:
    """A secret as Standard Webhooks writes one."""
    return SECRET_MARK + base64.b64encode(secrets.token_bytes(32)).decode()


def rotate(
    write: Write, cipher: SecretCipher, receiver_id: str, overlap_hours: float = OVERLAP_HOURS
) -> Subscription:
    """Give a receiver a new secret; the one before signs too for so long. Raises NotFound."""
    before = find(write.connection, cipher, receiver_id)
    until = now_ms() + int(overlap_hours * HOUR_MS)
    made = replace(before, secret=new_secret(), previous=before.secret, previous_until=until)
    write.connection.execute(
        sa.update(receivers)
        .where(receivers.c.receiver_id == receiver_id)
        .values(
            secret=cipher.encrypt(made.secret, receiver_id),
            previous_secret=cipher.encrypt(made.previous, receiver_id),
            previous_until=until,
        )
    )
    return made


def every(connection: sa.Connection, cipher: SecretCipher) -> list[Subscription]:
    """Those that are not stopped, the oldest first."""
    query = sa.select(receivers).where(receivers.c.stopped_at.is_(None))
    return [
        Subscription(
            row.receiver_id,
            row.url,
            cipher.decrypt(row.secret, row.receiver_id),
            frozenset(orjson.loads(row.events)),
            frozenset(orjson.loads(row.merchants)),
            bool(row.private),
            row.made_at,
            cipher.decrypt(row.previous_secret, row.receiver_id) if row.previous_secret else "",
            row.previous_until or 0,
        )
        for row in connection.execute(query.order_by(receivers.c.made_at, receivers.c.receiver_id))
    ]


_WANTED = Prepared(
    sa.select(receivers.c.events, receivers.c.merchants).where(receivers.c.stopped_at.is_(None))
)


def is_taken(connection: sa.Connection, event: EventName, merchant_id: str | None) -> bool:
    """Whether some receiver takes an event about a request of this merchant."""
    for row in _WANTED(connection):
        events, merchants = orjson.loads(row["events"]), orjson.loads(row["merchants"])
        theirs = not merchants or (event not in INTERNAL and merchant_id in merchants)
        if theirs and (not events or event in events):
            return True
    return False


def find(connection: sa.Connection, cipher: SecretCipher, receiver_id: str) -> Subscription:
    """The subscription of a receiver. Raises NotFound for an unknown or a stopped one."""
    for one in every(connection, cipher):
        if one.receiver_id == receiver_id:
            return one
    raise NotFound(f"no receiver {receiver_id}")


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
