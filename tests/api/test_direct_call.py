"""Which calls are made directly, and that they answer as the framework's own handler does."""

from __future__ import annotations

import asyncio
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import Response

from api.direct_call import direct
from api.routes.score import router as scoring
from api.routing import ApiRoute, api_router


class Word:
    """A dependency of ours: the word of a header."""

    async def __call__(self, request: Request) -> str:
        return request.headers.get("word", "none")


word = Word()


def plain(request: Request) -> str:
    """A dependency that the framework runs in a thread."""
    return request.headers.get("word", "none")


def app() -> FastAPI:
    made, router = FastAPI(), api_router("test")

    @router.post("/ours")
    async def ours(
        said: Annotated[str, Depends(word)], more: Annotated[int, Query(le=9)] = 3
    ) -> Response:
        return Response(f"{said} {more}")

    @router.post("/theirs/{place}")
    async def theirs(place: int, said: Annotated[str, Depends(plain)]) -> Response:
        return Response(f"{said} {place}")

    made.include_router(router)
    return made


def answer(address: str, **headers: str) -> tuple[int, str]:
    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(app())
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post(address, headers=headers)

    got = asyncio.run(sent())
    return got.status_code, got.text


def test_what_is_left_out_behind_the_question_mark_has_its_default() -> None:
    assert answer("/ours", word="hello") == (200, "hello 3")
    assert answer("/ours?") == (200, "none 3")


def test_what_stands_there_is_read_and_checked() -> None:
    assert answer("/ours?more=5") == (200, "none 5")
    assert answer("/ours?more=10")[0] == 422


def test_other_dependencies_are_the_frameworks_business() -> None:
    assert answer("/theirs/4", word="hello") == (200, "hello 4")
    assert answer("/theirs/four")[0] == 422


def test_scoring_is_a_direct_call() -> None:
    routes = [route for route in scoring.routes if isinstance(route, ApiRoute)]
    made = {route.path: route.get_route_handler().__qualname__ for route in routes}
    assert made["/v1/refunds/score"].startswith(direct.__name__)
    assert not made["/v1/refunds/{refund_id}/score"].startswith(direct.__name__)
