"""Checking decisions: replay, challenger answers, and backtests of a policy."""
