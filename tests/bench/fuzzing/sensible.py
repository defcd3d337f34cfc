"""Hooks for Schemathesis: random calls that get further than the door.

Without them nearly every fact lies in the year 77, no id is ever met twice, and one
Idempotency-Key stands before everything. Three of four strings that name a stored thing are
replaced by one that is there; whatever else was made of a call stays as it was made.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import schemathesis
from hypothesis import strategies as st

from risk.facts import KINDS

_REFUNDS = os.environ["FUZZED_REFUNDS"].split()
_ORDERS = os.environ["FUZZED_ORDERS"].split()
_OPTIONAL = {field.name for kind in KINDS.values() for field in kind.fields if not field.required}
_LONGEST = KINDS["refunds"].field("refund_id").limit
_KNOWN = {"refund_id": _REFUNDS, "order_id": _ORDERS}
_KEY = os.environ["FUZZED_KEY"]
_EXAMPLE = os.environ["FUZZED_IDEMPOTENCY_KEY"]
_LATEST = datetime.now(UTC) - timedelta(days=1)
_FIRST = _LATEST - timedelta(days=400)

schemathesis.openapi.format(
    "date-time",
    st.datetimes(
        _FIRST.replace(tzinfo=None), _LATEST.replace(tzinfo=None), timezones=st.just(UTC)
    ).map(datetime.isoformat),
)


def _luck(value: Any) -> int:
    """A number from 0 to 2³² − 1 that the same value always has."""
    return zlib.crc32(repr(value).encode("utf-8", "replace"))


def _met(name: str, value: Any) -> Any:
    """Something stored in the place of a name, three times of four."""
    known = _KNOWN.get(name)
    fits = isinstance(value, str) and 0 < len(value) <= _LONGEST
    if known is None or not fits or not _luck(value) % 4:
        return value
    return known[_luck(value) // 4 % len(known)]


def _met_in(body: Any, own: str = "") -> Any:
    """The same in a body; the name `own` of a new fact stays new."""
    if isinstance(body, list):
        return [_met_in(item, own) for item in body]
    if isinstance(body, dict):
        return {n: _met_in(v) if n != own and not isinstance(v, str) else
                v if n == own else _met(n, v) for n, v in body.items()}  # fmt: skip
    return body


def _one_case(body: Any) -> Any:
    """A scoring body whose parts are about one request of one order, where they say anything."""
    if isinstance(body, list):
        return [_one_case(item) for item in body]
    if not isinstance(body, dict) or not isinstance(body.get("refund"), dict):
        return body
    refund = body["refund"]
    return {name: part if name == "refund" else _about(part, refund) for name, part in body.items()}


def _about(part: Any, refund: Mapping[str, Any]) -> Any:
    if isinstance(part, list):
        return [_about(item, refund) for item in part]
    if not isinstance(part, dict):
        return part
    return {n: refund.get(n, v) if n in _KNOWN and isinstance(v, str) else v
            for n, v in part.items()}  # fmt: skip


if _KEY:

    @schemathesis.auth()
    class WithKey:
        """Sends the key, unless a case is about sending none."""

        def get(self, *_: Any) -> str:
            return _KEY

        def set(self, case: Any, data: str, _: Any) -> None:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def filter_case(_: Any, case: Any) -> bool:
    """Without empty text for what may be left out: it says the same, of whatever type that is."""
    return not _empty(case.body)


def _empty(body: Any) -> bool:
    if isinstance(body, list):
        return any(_empty(item) for item in body)
    if isinstance(body, dict):
        return any(v == "" if n in _OPTIONAL else _empty(v) for n, v in body.items())
    return False


@schemathesis.hook
def map_path_parameters(_: Any, path_parameters: Any) -> Any:
    return {name: _met(name, value) for name, value in (path_parameters or {}).items()}


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    path = context.operation.path
    if "/score" in path:
        return _one_case(body) if _luck(body) % 4 else body
    return _met_in(body, "refund_id" if path == "/v1/refunds" else "")


@schemathesis.hook
def before_call(_: Any, case: Any, kwargs: Any) -> None:
    """The page's own Idempotency-Key in one call of eight only, and none that holds for receivers.

    Under its key the making of a receiver is answered again after that receiver was stopped.
    """
    headers = case.headers or {}
    key = str(headers.get("Idempotency-Key", ""))
    holds = key.isascii() and key.isprintable() and 0 < len(key) <= 255
    often = key == _EXAMPLE and _luck(case.id) % 8
    if often or (holds and case.operation.path == "/v1/receivers"):
        del headers["Idempotency-Key"]
