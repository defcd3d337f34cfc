"""What the framework's solver of dependencies costs a decision: `python -m tests.bench.solver`.

Decides new requests through the ASGI application, in turn with the solver and without it
(`api.routing.ApiRoute`), and compares the processor time of the process.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from statistics import median
from typing import Annotated

import typer
from fastapi import FastAPI
from starlette.types import ASGIApp

from api.routing import ApiRoute
from tests.bench.walk import WARM, application, post

TURNS = ("solved", "direct", "direct", "solved")


def score_route(app: FastAPI) -> ApiRoute:
    """The route of the scoring call."""
    return next(r for r in app.routes if isinstance(r, ApiRoute) and r.operation_id == "score")


async def measured(app: FastAPI, token: str, rounds: int) -> dict[str, list[int]]:
    """Processor time (ns) of decisions with the solver and without it, in turn."""
    route = score_route(app)
    ways: dict[str, ASGIApp] = {"solved": route.solved, "direct": route.app}
    took: dict[str, list[int]] = {way: [] for way in ways}
    async with app.router.lifespan_context(app):
        for _ in range(WARM):
            await post(app, token)
        for way in TURNS * rounds:
            route.app = ways[way]
            began = time.process_time_ns()
            await post(app, token)
            took[way].append(time.process_time_ns() - began)
    return took


def main(
    rounds: Annotated[int, typer.Option(help="Rounds of four decisions, two each way.")] = 400,
) -> None:
    """Print the medians and their ratio."""
    with tempfile.TemporaryDirectory(prefix="solver") as folder, application(folder) as served:
        took = asyncio.run(measured(*served, rounds))
    solved, direct = (median(took[way]) / 1e6 for way in ("solved", "direct"))
    sys.stdout.write(
        f"solved {solved:.2f} ms, direct {direct:.2f} ms: {1 - direct / solved:.1%} less\n"
    )


if __name__ == "__main__":
    typer.run(main)
