"""The calls as they are declared, before any service runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from api.app import routed

Page = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A call that needs a key: how it is made, and its entry in the OpenAPI document."""

    method: str
    path: str
    name: str
    scope: str
    operation: Page

    @property
    def address(self) -> str:
        """A path of the call, its variable parts named by themselves."""
        return self.path.replace("{", "").replace("}", "")


@lru_cache
def document() -> Page:
    return routed().openapi()


def operations(page: Page) -> Iterator[tuple[str, str, Page]]:
    for path, item in page["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def calls() -> list[Call]:
    """Every call that needs a key, with the scope it needs."""
    found = []
    for method, path, operation in operations(document()):
        security = operation.get("security")
        if security and security[0]:
            scope = security[0]["key"][0]
            found.append(Call(method, path, operation["operationId"], scope, operation))
    return found
