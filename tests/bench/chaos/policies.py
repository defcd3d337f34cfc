"""Two processes on one store, each with a policy of its own."""

from __future__ import annotations

from importlib.resources import files

import httpx
import orjson

from tests.bench.chaos.load import Load, body, under_load, wait_for
from tests.bench.chaos.processes import serving
from tests.bench.chaos.scenario import Place, Told, loaded
from tests.bench.chaos.verdict import wrongs
from tests.bench.chaos.world import token

PATIENCE_S = 300.0
"""Processes on one SQLite store take turns by chance."""

RULE = "amount_above = 0.1 "


def policies(place: Place, told: Told) -> None:
    """Both decide under load; what one decided, the other answers as it is stored."""
    text = files("risk").joinpath("policy.toml").read_text()
    other = place.folder / "other.toml"
    other.write_text(text.replace(RULE, "amount_above = 0.2 "))
    beside = place.folder / "beside"
    beside.mkdir()
    settings = {**place.settings, "REFUND_RISK_POLICY": str(other)}
    with loaded(place, told) as (service, load), serving(settings, beside) as second:
        with under_load(second.url, token(place.url), "beside", clients=3) as its_load:
            wait_for(load, 20, PATIENCE_S)
            wait_for(its_load, 20, PATIENCE_S)
        told.wrong += _answered_alike(service.url, second.url, token(place.url))
    told.wrong += wrongs(place.url, its_load)
    versions = [_versions(one) for one in (load, its_load)]
    told.hold(versions[0] != versions[1], "both decided by one policy")
    told.hold(all(len(one) == 1 for one in versions), f"decided by policies {versions}")
    told.done = (
        f"two services with policies {' and '.join(sorted(set().union(*versions)))} on one store: "
        f"{len(its_load.acknowledged):,} decisions of the second beside those of the first"
    )


def _answered_alike(first: str, second: str, key: str) -> list[str]:
    """What two services answer to the same request, one after the other."""
    headers, sent = {"authorization": f"Bearer {key}"}, body("alike", 1)
    answers = [
        httpx.post(f"{url}/v1/refunds/score", json=sent, headers=headers, timeout=30).content
        for url in (first, second, first)
    ]
    return [] if len(set(answers)) == 1 else ["one request was answered in two ways"]


def _versions(load: Load) -> set[str]:
    return {str(orjson.loads(a)["policy"]["version"]) for a in load.acknowledged.values()}
