"""How much of our own code one scoring call runs through: `python -m tests.bench.walk`.

Prints files, functions (and how many of them are comprehensions and lambdas) and calls of `risk`
and `api`, by package and together, for one warm `POST /v1/refunds/score` through the ASGI
application, on SQLite, over every thread. `--list` names the functions, by file.
`docs/one-decision.md` says what each package does in it.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import orjson
import typer
from fastapi import FastAPI

from api.app import create_app
from risk.access import keys
from risk.settings import Settings
from tests.deciders import body, bundle, promote

ROOT = Path(__file__).resolve().parents[2]
OURS = tuple(str(ROOT / room) + os.sep for room in ("risk", "api"))
WARM = 5

Called = tuple[str, str, int]
"""File, function and its first line."""


class Walk:
    """Counts calls of our own functions, in every thread begun after `watch`, while `counting`."""

    def __init__(self) -> None:
        self.counting = False
        self.calls: Counter[Called] = Counter()

    def watch(self) -> None:
        """Watch this thread and all that are begun from now on."""
        threading.setprofile(self._event)
        sys.setprofile(self._event)

    def _event(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if self.counting and event == "call" and code.co_filename.startswith(OURS):
            self.calls[code.co_filename, code.co_name, code.co_firstlineno] += 1

    def within(self, package: str = ".") -> str:
        """The files, functions and calls of a package, of all without one."""
        inside = {called: calls for called, calls in self.calls.items()
                  if package in (".", package_of(called[0]))}  # fmt: skip
        files, inner = {called[0] for called in inside}, sum("<" in called[1] for called in inside)
        return (f"{len(files)} files, {len(inside)} functions ({inner} of them inside others), "
                f"{sum(inside.values()):,} calls")  # fmt: skip

    def packages(self) -> list[str]:
        """The packages walked through."""
        return sorted({package_of(called[0]) for called in self.calls})


def package_of(file: str) -> str:
    """The folder of a file, from the checkout's root."""
    return str(Path(file).relative_to(ROOT).parent)


@contextmanager
def application(folder: str) -> Iterator[tuple[FastAPI, str]]:
    """The application over a new store with a small model, and a key that may score."""
    secret = "a secret for measuring only, long enough"
    settings = Settings.from_env({
        "REFUND_RISK_DATABASE_URL": f"sqlite:///{folder}/risk.db", "REFUND_RISK_SECRET": secret,
    })  # fmt: skip
    app = create_app(settings)
    history = app.state.service.history
    promote(history, "1", bundle())
    with history.write() as write:
        _, token = keys.create(write, "walk", ["score"])
    yield app, token


async def post(app: FastAPI, token: str) -> bytes:
    """The answer to one new scoring body. Raises RuntimeError for anything but 200."""
    sent, content = [], orjson.dumps(body())
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json",
               "content-length": str(len(content)), "host": "walk"}  # fmt: skip
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "scheme": "http", "path": "/v1/refunds/score", "raw_path": b"/v1/refunds/score",
        "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1), "server": ("walk", 80),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    messages = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> Any:
        return messages.pop() if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if sent[0]["status"] != 200:
        raise RuntimeError(f"answered {sent[0]['status']}: {sent[1]['body']!r}")
    return b"".join(message.get("body", b"") for message in sent[1:])


async def walked(app: FastAPI, token: str, walk: Walk) -> None:
    """Count one call after a few that warm everything up."""
    async with app.router.lifespan_context(app):
        for _ in range(WARM):
            await post(app, token)
        walk.counting = True
        await post(app, token)
        walk.counting = False


def main(
    names: Annotated[bool, typer.Option("--list", help="Name every function, by file.")] = False,
) -> None:
    """Print files, functions and calls."""
    walk = Walk()
    with tempfile.TemporaryDirectory(prefix="walk") as folder:
        walk.watch()
        with application(folder) as (app, token):
            asyncio.run(walked(app, token, walk))
        sys.setprofile(None)
    if names:
        for (file, name, line), calls in sorted(walk.calls.items()):
            print(f"{calls:5}  {Path(file).relative_to(ROOT)}:{line} {name}")  # noqa: T201
    for package in walk.packages():
        print(f"{package:24}{walk.within(package)}")  # noqa: T201
    print(f"{'together':24}{walk.within()}")  # noqa: T201


if __name__ == "__main__":
    typer.run(main)
