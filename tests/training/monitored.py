"""Requests as the monitor counts them."""

from __future__ import annotations

DAY = 86_400_000


START = 1_767_225_600_000
