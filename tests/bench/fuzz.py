"""`make fuzz`: tens of thousands of calls, sensible and senseless, with a key and without.

Schemathesis reads the OpenAPI page of a running service, on SQLite and on PostgreSQL, and sends
examples, edge cases, random ones and chains of calls; every answer is held against the page.
"""

from __future__ import annotations

import typer

from tests.bench.fuzzing.cli import main

if __name__ == "__main__":
    typer.run(main)
