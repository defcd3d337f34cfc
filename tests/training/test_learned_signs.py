"""What the model that the product brings makes of one sign more, through the API."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from risk.policy import load
from tests.api.serving import SECRET, running
from tests.examination.learned_signs import SIGNS
from tests.examination.sign import NEARLY, Sign, log_odds
from tests.examination.sign_stories import COPY, shown
from tests.examination.stories import Item, Telling, without_audits
from tests.shops import empty_registry, quiet
from tests.stores import new_store
from training.promote_starter import promote_starter


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A service with the starter. It audits nothing: an audit lets a case through at random."""
    folder = tmp_path_factory.mktemp("starter")
    history = new_store(folder / "store.db", SECRET)
    registry = empty_registry(tmp_path_factory, folder)
    promote_starter(history, registry, load(), quiet)
    history.close()
    policy = folder / "policy.toml"
    policy.write_text(without_audits())
    with running(folder, model=False, policy=policy) as run, run.client(says="platform") as client:
        yield client


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.name)
def test_a_sign_moves_the_starter_as_the_trade_says(client: httpx.Client, sign: Sign) -> None:
    assert sign.fault_of(client, f"L{SIGNS.index(sign)}") is None


def test_the_first_to_use_a_picture_is_not_the_suspect(client: httpx.Client) -> None:
    used = shown(Item("photo", more=COPY))
    telling = Telling(client, "first")
    own = telling.tell(used)
    other = telling.tell(used)
    again = client.post(f"/v1/refunds/{own['refund_id']}/score").json()
    assert abs(log_odds(again) - log_odds(own)) <= NEARLY
    assert log_odds(other) > log_odds(own)
