"""The measurement measures: the peer answers what we answer, and every answer is counted once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

import orjson
import pytest

from api.schemas.score import example_body
from risk.decisions.decision_example import example
from tests.bench.under_load.load import Target, as_answered, at_pace
from tests.bench.under_load.processes import processor_seconds
from tests.bench.under_load.services import Place, Running, empty_endpoint

BODY = orjson.dumps(example_body())


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    place = Place(tmp_path_factory.mktemp("peer"), 0, 0)
    with empty_endpoint(place, orjson.dumps(example())) as running:
        yield running


def test_the_empty_peer_knows_the_types_of_the_contract(peer: Running) -> None:
    load = as_answered(peer.target, repeat(BODY), 1, 0.01)
    assert load.failed == 0
    assert orjson.loads(load.last) == example()
    wrong = orjson.dumps({"refund": {"refund_id": "R-1"}})
    refused = as_answered(peer.target, repeat(wrong), 1, 0.01)
    assert refused.took == []
    assert refused.failed > 0


def test_answers_are_counted_and_so_is_the_time_they_took(peer: Running) -> None:
    before = processor_seconds(list(peer.roots))
    load = as_answered(peer.target, repeat(BODY), 4, 0.5)
    assert len(load.took) >= 4
    assert processor_seconds(list(peer.roots)) > before
    assert load.a_second == pytest.approx(len(load.took) / load.seconds)
    assert min(load.took) <= load.quantile(0.5) <= load.quantile(0.99) <= max(load.took)
    assert sum(load.took) <= 4 * load.seconds + 1


def test_a_pace_is_kept_and_waiting_counts(peer: Running) -> None:
    load = at_pace(peer.target, repeat(BODY), 1, 0.5, 40)
    assert 5 <= len(load.took) <= 60
    nowhere = Target(peer.target.port, "/nowhere")
    assert at_pace(nowhere, repeat(BODY), 1, 0.1, 40).took == []
