"""One small marketplace for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from shops import Shop, open_shop


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Tests may read it and decide in it, but not add facts to it."""
    made = open_shop(tmp_path_factory, "shop")
    yield made
    made.history.close()
