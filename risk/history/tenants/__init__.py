"""Callers bound to merchants: whose ids, orders and facts are whose, and what waits."""
