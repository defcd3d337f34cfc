"""Measurements and breaking, each a command: `python -m tests.bench.NAME`."""
