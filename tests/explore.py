"""Run the property tests on new random examples, and print how to repeat what fails.

`make test` runs them on the same examples every time; this command is for finding more.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
NOTHING_RUN = 5
"""What pytest answers where none of the tests it was given is one."""
FAILED = ("FAILED ", "ERROR ")
MARKS = "hypothesis and not engines and not browser"


def run(seed: int, tests: Sequence[str]) -> list[str]:
    """Run the property tests once with this seed; answers the ids of the tests that failed."""
    options = (
        "-n",
        "2",
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
        "-m",
        MARKS,
        "-q",
        "-p",
        "no:cacheprovider",
    )
    drawn = ("--hypothesis-profile=explore", f"--hypothesis-seed={seed}")
    command = [sys.executable, "-m", "pytest", *options, *drawn, *tests]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines = []
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if process.returncode == NOTHING_RUN:
        return []
    failed = [line.split()[1].split("[")[0] for line in lines if line.startswith(FAILED)]
    return failed or ([" ".join(tests) or "tests"] if process.returncode else [])


def drawn_files(seed: int, one_in: int) -> list[str]:
    """One in so many of the test files, drawn with this seed."""
    files = sorted(str(path.relative_to(ROOT)) for path in Path(__file__).parent.rglob("test_*.py"))
    return random.Random(seed).sample(files, -(-len(files) // one_in))


def main() -> None:
    parser = argparse.ArgumentParser(prog="make explore", description=__doc__)
    parser.add_argument("--seed", type=int, help="repeat this seed; without it, a new one is drawn")
    parser.add_argument("--seeds", type=int, default=1, help="how many new seeds to try")
    parser.add_argument("--one-in", type=int, default=1, help="try one in so many of the files")
    parser.add_argument("tests", nargs="*", help="test files or ids; without them, all")
    chosen = parser.parse_args()
    drawn = [random.SystemRandom().randrange(2**32) for _ in range(chosen.seeds)]
    found = [
        (seed, test)
        for seed in ([chosen.seed] if chosen.seed is not None else drawn)
        for test in run(seed, chosen.tests or drawn_files(seed, chosen.one_in))
    ]
    for seed, test in found:
        print(f"To repeat: make explore SEED={seed} TESTS='{test}'")
    if found:
        print("Then add the falsifying example to its test with @example(...), and fix the code.")
        sys.exit(1)


if __name__ == "__main__":
    main()
