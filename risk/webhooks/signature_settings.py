"""How a system signs, and how its messages lie in a request, as a mapping table says it."""

from __future__ import annotations

from typing import Literal

from risk.webhooks.field_source import Paths, TablePart

REPLAY_S = 300
"""How far a signed time may be from ours, where a table says nothing else."""


class SignatureSettings(TablePart):
    """Where the signature stands and what it covers.

    `header` holds it, behind `prefix`, or as the member `part` of `t=…,v1=…`. It is an HMAC with
    `algorithm`, written in `encoding`, of `signed`: `{body}`, `{timestamp}`, `{method}` and `{url}`
    are filled in, the last from `url`, the public address of the endpoint. The time stands in
    `timestamp`, a header, or in the member `timestamp_part`; `window_s` is how many seconds it may
    be from ours.
    `secret` says how the secret is written. With `item_fields` each message carries a signature of
    its own at `item_signature`, over these fields joined by colons.
    """

    header: str = ""
    part: str = ""
    prefix: str = ""
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    signed: str = "{body}"
    url: str = ""
    timestamp: str = ""
    timestamp_part: str = ""
    timestamp_unit: Literal["s", "ms"] = "s"
    window_s: int = REPLAY_S
    secret: Literal["text", "hex", "base64"] = "text"
    item_fields: tuple[str, ...] = ()
    item_signature: str = ""


class EnvelopeSettings(TablePart):
    """Where messages, topics and ids stand: paths in the body, or `header:NAME`.

    `messages` is the path of a list of messages (empty: the body is one, or a list), `item` that of
    the message within a member of it. `topic`, `id` and `subject` are read in the message, or in a
    header. Several paths of a topic are joined by points.
    """

    messages: str = ""
    item: str = ""
    topic: Paths = ("type",)
    id: str = ""
    subject: str = ""
    signed_ids: bool = True
