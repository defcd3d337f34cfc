"""One service for all tests of a file; tests that change its model or limits run their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api import dispatcher, file_fetcher
from risk.policy import load
from tests.api.console_visits import Visitor, logged_in
from tests.api.hook_senders import (
    SENDERS,
    Sender,
    push,
    raw_of,
    set_up,
    shopify,
)
from tests.api.serving import Running, plain_client, running, small_bundle
from tests.api.two_merchants import SCOPES, Marketplace
from training.promote_starter import in_service
from training.starter.packaged import packaged


@pytest.fixture(scope="session", autouse=True)
def eager_dispatcher() -> Iterator[None]:
    """What waits to be pushed or fetched is looked for five times as often, so that tests wait
    less."""
    with pytest.MonkeyPatch.context() as patch:
        for of in (dispatcher, file_fetcher):
            patch.setattr(of, "EVERY_S", of.EVERY_S / 5)
        yield


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("served")) as run:
        yield run


@pytest.fixture(scope="module")
def client(served: Running) -> Iterator[httpx.Client]:
    """With every scope."""
    with served.client() as client:
        yield client


@pytest.fixture(scope="module")
def on_starter(served: Running) -> Iterator[httpx.Client]:
    """Speaks for the platform, with the packaged starter in service."""
    use = load(None).starter
    assert use
    served.promote("2", in_service(packaged(), use))
    with served.client(says="platform") as client:
        yield client


@pytest.fixture(scope="module")
def for_platform(served: Running) -> Iterator[httpx.Client]:
    """With every scope, and speaks for the platform."""
    with served.client(says="platform") as client:
        yield client


@pytest.fixture(scope="module")
def readers(served: Running) -> Iterator[tuple[Visitor, Visitor]]:
    """Somebody who reads English, and somebody who reads Chinese, of cases that are suspected."""
    served.promote("suspicious", small_bundle(0, 5.0))
    readers = logged_in(served, "mei"), logged_in(served, "lin", "zh-CN")
    yield readers
    for one in readers:
        one.http.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture(params=SENDERS, ids=lambda sender: sender.name)
def sender(request: pytest.FixtureRequest) -> Sender:
    """Each system that sends us messages."""
    found: Sender = request.param
    return found


@pytest.fixture
def place(
    sender: Sender, client: httpx.Client, stranger: httpx.Client, request: pytest.FixtureRequest
) -> str:
    """An endpoint of the test's own for its sender, which knows the order."""
    name = hashlib.sha1(request.node.name.encode()).hexdigest()[:12]
    made = set_up(client, sender.name, name)
    if sender.name == "shopify":
        raw = raw_of("shopify_orders_create")
        push(stranger, made, raw, shopify(raw, 0, "order", "orders/create")).raise_for_status()
    return made


@pytest.fixture(scope="module")
def stranger(served: Running) -> Iterator[httpx.Client]:
    """Without a key."""
    with plain_client(served.url) as plain:
        yield plain


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Marketplace]:
    """A service with the keys of a platform and of two merchants on it."""
    with (
        running(tmp_path) as run,
        run.client() as platform,
        run.client(*SCOPES, merchants=["M-A"]) as a,
        run.client(*SCOPES, merchants=["M-B"]) as b,
    ):
        yield Marketplace(run, platform, a, b)
