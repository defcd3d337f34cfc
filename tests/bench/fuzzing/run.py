"""One run of Schemathesis against a running service, and what the service logged of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.dependencies.idempotency_key import PARAMETER
from tests.bench.fuzzing.large import Hammered

OPEN = {"/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "other"}
"""Addresses that need no key, and whatever is no address of ours."""

REFUSED = {401, 405, 415, 431}
"""What somebody without a key may be told everywhere else."""

UNPROVED = {("/v1/hooks/{system}/{endpoint}", status) for status in (408, 413)}
"""What a push proves is proved by its whole body: one that does not come, or is too large, is told
so."""

CONFIG = """
[checks]
positive_data_acceptance.enabled = false
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "408", "409", "413", "415", "422", "429"]
[[operations]]
include-path = ["/v1/refunds/score/batch", "/v1/cases", "/v1/deliveries", "/v1/hooks/inbox"]
checks.negative_data_rejection.enabled = false
"""
"""The page allows what the facts then contradict; of many each is refused by itself, with a 200
around them; a filter left empty is no filter."""


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What one run sent, how it was answered, and everything that was wrong."""

    cases: int
    statuses: Counter[int]
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    """The longest wait for an answer in seconds, where it was measured."""

    def told(self) -> str:
        """Answers by class of status."""
        classes = Counter({f"{n}xx": 0 for n in range(2, 6)})
        for status, count in self.statuses.items():
            classes[f"{status // 100}xx"] += count
        told = ", ".join(f"{count:,} × {name}" for name, count in sorted(classes.items()))
        return f"{told}; {self.slowest:.1f} s at most" if self.slowest else told


def fuzz(
    folder: Path, url: str, key: str, known: dict[str, list[str]], examples: int, seed: int
) -> Fuzzed:
    """Run all phases with so many examples a call; an empty `key` sends none."""
    log = folder / "service.log"
    began = log.stat().st_size
    config, report = folder / "schemathesis.toml", folder / "report.json"
    config.write_text(CONFIG)
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config), "run",
        url + "/openapi.json", "--max-examples", str(examples), "--seed", str(seed),
        "--continue-on-failure", "--request-timeout", "120", "--no-color", "--no-shrink",
        "--generation-database", "none",
        "--report", "json", "--report-json-path", str(report),
        *([] if key else ["--checks", "not_a_server_error"]),
    ]  # fmt: skip
    hooks = {
        **{f"FUZZED_{name.upper()}": " ".join(ids) for name, ids in known.items()},
        "SCHEMATHESIS_HOOKS": str(Path(__file__).with_name("sensible.py")),
        "FUZZED_IDEMPOTENCY_KEY": str(PARAMETER["example"]),
        "FUZZED_KEY": key,
    }
    done = subprocess.run(
        command, env={**os.environ, **hooks}, cwd=folder, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    (folder / f"said-{seed}-{'key' if key else 'none'}.txt").write_text(done.stdout + done.stderr)
    calls = list(_logged(log, began))
    wrong = [*_failures(report, done), *_seen(calls, key)]
    cases = _reported(report).get("test_cases", {}).get("generated", 0)
    return Fuzzed(cases, Counter(int(call["status"]) for call in calls), wrong)


def hold_to_log(folder: Path, call: Callable[[], Hammered], key: str) -> Fuzzed:
    """Calls of our own; what the service logged of them counts as well."""
    log = folder / "service.log"
    began = log.stat().st_size
    done = call()
    calls = [call for call in _logged(log, began) if int(call["status"]) != 503]
    wrong = [*done.wrong, *_seen(calls, key)]
    return Fuzzed(done.statuses.total(), done.statuses, wrong, done.slowest)


def _reported(report: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(report.read_text()) if report.exists() else {}
    return told


def _failures(report: Path, done: subprocess.CompletedProcess[str]) -> Iterator[str]:
    """What Schemathesis holds against the answers; also when it did not come so far."""
    told = _reported(report)
    if not told.get("complete"):
        yield f"Schemathesis ended with {done.returncode}: {(done.stderr or done.stdout)[-300:]}"
    for failure in told.get("failures", ()):
        yield f"{failure['title']} ({failure['count']} ×): {', '.join(failure['operations'])}"
    yield from (f"error: {str(error)[:300]}" for error in told.get("errors", ()))


def _logged(log: Path, began: int) -> Iterator[dict[str, Any]]:
    """Every call that was logged since."""
    with log.open("rb") as lines:
        lines.seek(began)
        for line in lines:
            told = json.loads(line) if line.startswith(b"{") else {}
            if told.get("event") in ("call", "unforeseen"):
                yield {"status": 500, "call": "?", "method": "?", **told}


def _seen(calls: list[dict[str, Any]], key: str) -> Iterator[str]:
    """5xx, and ways in without a key."""
    found = Counter((c["status"], c["method"], c["call"]) for c in calls)
    for (status, method, path), count in sorted(found.items()):
        told = path in OPEN or status in REFUSED or (path, status) in UNPROVED
        way_in = not key and not told
        if status >= 500 or way_in:
            yield f"{method} {path} was answered {status} ({count} ×)"
