"""The categories of goods that laws exclude from the right of return, as shops name them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

_FILE = files("risk") / "policy" / "excluded_goods.toml"


@cache
def excluded_goods() -> dict[str, list[str]]:
    """The categories by kind of goods: `excluded_goods.toml` as it is written.

    >>> sorted(excluded_goods())
    ['bookings', 'digital', 'made_to_measure', 'medicines', 'periodicals', 'perishable', 'services']
    """
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
