"""Large hostile bodies for every call that takes one, and pages behind made-up cursors."""

from __future__ import annotations

import gzip
import itertools
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from risk.history.connection.cursor import encode_cursor
from tests.bench.fuzzing.mutated import Mutant, mutants, templates

MEGABYTE = 1 << 20
PATIENCE_S = 90.0
"""A call that is not answered after so long hangs."""

CALLERS = 4

SHAPES: dict[str, Callable[[random.Random], bytes]] = {
    "a name twice": lambda r: _object(
        (f'"k{i}":1' for i in range(r.randint(1_000, 92_000))), '"k0":2'
    ),
    "unknown names": lambda r: _object(f'"u{i}":{i}' for i in range(r.randint(1_000, 200_000))),
    "many rows": lambda r: orjson.dumps([_row(r, 700) for _ in range(r.randint(1, 1_000))]),
    "known names, odd values": lambda r: orjson.dumps([_row(r, 0) for _ in range(1_000)]),
    "more rows than allowed": lambda r: b"[" + b"{}," * r.randint(1_001, 300_000) + b"{}]",
    "nested": lambda r: b"[" * r.randint(1_000, 5 * MEGABYTE),
    "nested objects": lambda r: b'{"refund":' * r.randint(1_000, 500_000),
    "a long text": lambda r: orjson.dumps(
        {"refund": {"reason_text": "\u8bf7" * r.randint(1, 3 * MEGABYTE)}}
    ),
    "a long number": lambda r: b'{"amount":' + b"9" * r.randint(1_000, 4 * MEGABYTE) + b"}",
    "exponents": lambda r: b"[" + b"1e999999," * r.randint(1_000, 400_000) + b"1]",
    "numbers": lambda r: b"[" + b"1," * r.randint(1_000, 8 * MEGABYTE) + b"1]",
    "lone surrogates": lambda r: b'["' + b"\\ud800" * r.randint(1_000, 500_000) + b'"]',
    "no text": lambda r: r.randbytes(r.randint(1, 2 * MEGABYTE)),
    "compressed": lambda _: gzip.compress(b"[" + b"0," * (8 * MEGABYTE) + b"0]"),
    "blanks": lambda r: b" " * r.randint(1_000, 17 * MEGABYTE),
}  # fmt: skip
"""What a body is made of, from a kilobyte to more than is taken."""

_NUMBERS = (0, -1, 2**53, 2**63 - 1, 2**63, -(2**63), 2**64 - 1, 1e308, -0.0)
_NAMES = ("", "x", "\U0010ffff", "'", "x" * 10_000, "\ud7ff")
_ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e308,
    "",
    "\x00",
    "x" * 300,
    [],
    {},
    "2026-13-01",
    [[]],
)
_FIELDS = (
    "order_id", "refund_id", "customer_id", "line_id", "amount", "placed_at", "requested_at",
    "kind", "evidence_id", "status", "verdict", "revision", "key", "retracted_at", "merchant_id",
    "refund",
)  # fmt: skip


@dataclass(slots=True)
class Hammered:
    """What was answered, and whatever was wrong; `slowest` is the longest wait in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    unsent: Counter[str] = field(default_factory=Counter)


def hammer(url: str, key: str, known: dict[str, list[str]], rounds: int, seed: int) -> Hammered:
    """Every shape to every call that takes a body, so many times, by callers side by side."""
    done = Hammered()
    calls = [
        (call, shape, n) for call in _calls(url, known) for shape in SHAPES for n in range(rounds)
    ]
    random.Random(seed).shuffle(calls)
    headers = {"authorization": f"Bearer {key}"} if key else {}
    with httpx.Client(base_url=url, headers=headers, timeout=PATIENCE_S) as client:
        with ThreadPoolExecutor(CALLERS) as callers:
            for number, (call, shape, _) in enumerate(calls):
                chance = random.Random(seed * 1_000_003 + number)
                callers.submit(_send, client, done, call, shape, chance)
        for path, place, name in itertools.product(_pages(url), _NUMBERS, _NAMES):
            _turn(client, done, path, encode_cursor(place, name))
    return done


def mutate(url: str, key: str, known: dict[str, list[str]], count: int, seed: int) -> Hammered:
    """Every call of the document so many times, each time changed in a few places."""
    done = Hammered()
    headers = {"authorization": f"Bearer {key}"} if key else {}
    chance = random.Random(seed)
    with httpx.Client(base_url=url, headers=headers, timeout=PATIENCE_S) as client:
        document = client.get("/openapi.json").json()
        with ThreadPoolExecutor(CALLERS) as callers:
            for template in templates(document):
                for mutant in mutants(template, known, chance, count):
                    callers.submit(_send_mutant, client, done, mutant)
    return done


def _send_mutant(client: httpx.Client, done: Hammered, one: Mutant) -> None:
    what = f"{one.method} {one.address[:200]} {(one.content or b'')[:200]!r} {one.headers}"
    _note(
        done, what,
        lambda: client.request(one.method, one.address, content=one.content, headers=one.headers),
    )  # fmt: skip


def _turn(client: httpx.Client, done: Hammered, path: str, cursor: str) -> None:
    what = f"GET {path}?cursor={cursor[:100]}"
    _note(done, what, lambda: client.get(path, params={"cursor": cursor}))


def _send(
    client: httpx.Client, done: Hammered, call: tuple[str, str], shape: str, chance: random.Random
) -> None:
    method, path = call
    headers = {"content-type": "application/json"}
    if shape == "compressed":
        headers["content-encoding"] = "gzip"
    content = SHAPES[shape](chance)
    _note(
        done, f"{method} {path}, {shape}, {len(content):,} bytes",
        lambda: client.request(method, path, content=content, headers=headers),
    )  # fmt: skip


def _note(done: Hammered, what: str, call: Callable[[], httpx.Response]) -> None:
    """Make a call; a 5xx that is no 503 with its reason is wrong, and so is no answer."""
    began = time.monotonic()
    try:
        answer = call()
    except httpx.TimeoutException:
        done.wrong.append(f"{what}: no answer in {PATIENCE_S:g} s")
        return
    except httpx.TransportError:
        done.statuses[0] += 1
        return
    except (httpx.InvalidURL, ValueError) as error:
        done.unsent[type(error).__name__] += 1
        return
    done.slowest = max(done.slowest, time.monotonic() - began)
    done.statuses[answer.status_code] += 1
    if answer.status_code >= 500 and not _says_why(answer):
        done.wrong.append(f"{what}: {answer.status_code} {answer.text[:200]}")


def _says_why(answer: httpx.Response) -> bool:
    problem = answer.headers.get("content-type") == "application/problem+json"
    return answer.status_code == 503 and problem and bool(answer.json().get("detail"))


def _calls(url: str, known: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Method and path of each call that takes a body, with ids that are stored."""
    for path, item in httpx.get(url + "/openapi.json").json()["paths"].items():
        for method, operation in item.items():
            if "requestBody" in operation:
                yield method.upper(), _filled(path, known)


def _pages(url: str) -> list[str]:
    """The paths of calls that answer by pages."""
    paths = httpx.get(url + "/openapi.json").json()["paths"]
    return [
        path for path, item in paths.items()
        if any(one.get("name") == "cursor" for one in item.get("get", {}).get("parameters", ()))
    ]  # fmt: skip


def _filled(path: str, known: dict[str, list[str]]) -> str:
    path = path.replace("{refund_id}", known["refunds"][0]).replace("{system}", "generic")
    parts = ("x" if part.startswith("{") else part for part in path.split("/"))
    return "/".join(parts)


def _object(pairs: Iterator[str], *more: str) -> bytes:
    return b"{" + ",".join([*pairs, *more]).encode() + b"}"


def _row(chance: random.Random, unknown: int) -> dict[str, Any]:
    row = {name: chance.choice(_ODD) for name in _FIELDS if chance.random() < 0.5}
    return {**row, **{f"u{n}": n for n in range(chance.randint(0, unknown))}}
