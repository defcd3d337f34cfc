"""Pushes that are signed as they must be and say anything: taken in or refused, never a 5xx."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from risk.history.store import History
from tests.api.hook_senders import SENDERS, Sender, push, raw_of, set_up
from tests.api.serving import Running
from training.check.replay import replay

pytestmark = pytest.mark.hypothesis
EXAMPLES = int(os.environ.get("REFUND_RISK_FUZZ", "25"))
"""Pushes of each system; raise it for a long run."""

FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), TEXT,
    st.sampled_from(["", "\x00", "a\x00b", "9" * 3_000, "1e400", "2026-02-30", "-1", 0, [], {}]),
    st.lists(st.integers(), max_size=3), st.dictionaries(TEXT, TEXT, max_size=2),
)  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a payload there is something."""
    yield at
    inside: Any = value.items() if isinstance(value, dict) else ()
    for name, inner in enumerate(value) if isinstance(value, list) else inside:
        yield from places(inner, (*at, name))


def changed(value: Any, at: tuple[Any, ...], odd: Any) -> Any:
    """The same payload with something else at one place."""
    if not at:
        return odd
    name, *rest = at
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[name] = changed(value[name], tuple(rest), odd)
    return copy


@st.composite
def mutated(draw: st.DrawFn, payload: Any, doudian: bool) -> bytes:
    """A recorded payload with up to three places changed."""
    data = json.loads(payload[0]["data"]) if doudian else payload
    for _ in range(draw(st.integers(0, 3))):
        data = changed(data, draw(st.sampled_from(list(places(data)))), draw(ODD))
    if doudian:
        message = {**payload[0], "data": json.dumps(data), "msg_id": draw(ODD)}
        data = [message, *draw(st.lists(ODD, max_size=1))]
    return json.dumps(data).encode()


@pytest.mark.parametrize("sender", SENDERS, ids=lambda sender: sender.name)
def test_whatever_is_signed_is_taken_in_or_refused(
    client: httpx.Client, stranger: httpx.Client, sender: Sender
) -> None:
    place = set_up(client, sender.name, "mutated")
    payload = json.loads(raw_of(sender.payload))

    @FUZZ
    @given(raw=mutated(payload, sender.name == "doudian"), name=st.uuids())
    def run(raw: bytes, name: Any) -> None:
        answer = push(stranger, place, raw, sender.sign(raw, time.time(), str(name)))
        assert answer.status_code in (200, 400, 422), answer.text

    run()
    raw = raw_of(sender.payload)
    answer = push(stranger, place, raw, sender.sign(raw, time.time(), "as recorded"))
    assert answer.status_code == 200


def test_what_was_decided_on_the_way_is_made_again(served: Running) -> None:
    history: History = served.service.history
    count, differences, _ = replay(history, lambda *_: None)
    assert count > 0
    assert differences == []
