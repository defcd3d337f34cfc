"""Endpoints whose dependencies stand alone are called without the framework's resolver."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Path, Query, Request, Response, Security
from fastapi.security import SecurityScopes
from fastapi.testclient import TestClient

from api import direct_handler as direct
from api.routing import ApiRoute


class Asked:
    """A dependency that notes when it is asked, and with which scopes."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def __call__(self, request: Request, scopes: SecurityScopes) -> str:
        request.app.state.asked.append(self.name)
        return f"{self.name}:{','.join(scopes.scopes)}"


class Plain:
    async def __call__(self, request: Request) -> str:
        return request.headers["x-word"]


async def taken(
    first: Annotated[str, Security(Asked("first"), scopes=["score"])],
    second: Annotated[str, Depends(Plain())],
    third: Annotated[str, Security(Asked("third"), scopes=["a", "b"])],
    limit: Annotated[int, Query(le=9)] = 7,
) -> Response:
    return Response(f"{first} {second} {third} {limit}")


async def by_path(name: Annotated[str, Path()]) -> Response:
    return Response(name)


async def must_say(limit: Annotated[int, Query()]) -> Response:
    return Response(str(limit))


async def a_model() -> dict[str, int]:
    return {"a": 1}


def application() -> FastAPI:
    app = FastAPI()
    app.state.asked = []
    app.router.route_class = ApiRoute
    app.get("/taken")(taken)
    return app


def test_both_ways_answer_the_same_and_ask_in_the_order_declared() -> None:
    app = application()
    client, word = TestClient(app), {"x-word": "said"}
    assert client.get("/taken", headers=word).text == "first:score said third:a,b 7"
    assert client.get("/taken?limit=7", headers=word).text == "first:score said third:a,b 7"
    assert client.get("/taken?limit=8", headers=word).text.endswith(" 8")
    assert client.get("/taken?limit=10", headers=word).status_code == 422
    assert app.state.asked == ["first", "third"] * 4


@pytest.mark.parametrize(
    ("path", "endpoint", "is_direct"),
    [("/taken", taken, True), ("/{name}", by_path, False), ("/limit", must_say, False),
     ("/model", a_model, False)],
)  # fmt: skip
def test_anything_else_stays_with_the_framework(path: str, endpoint: Any, is_direct: bool) -> None:
    async def framework(_: Request) -> Response:
        return Response("framework")

    handler = direct.direct_handler(ApiRoute(path, endpoint).dependant, framework)
    assert (handler is not framework) == is_direct
    if is_direct:
        asked = Request({"type": "http", "query_string": b"limit=3"})
        assert asyncio.run(handler(asked)).body == b"framework"
