"""The reviewers' pages under `/console`: server-drawn, thin over `risk.cases`."""

from __future__ import annotations

from fastapi import FastAPI

from api.console import (
    acts,
    case,
    decisions,
    dossier,
    frame,
    grounds,
    login,
    overview,
    people,
    pushes,
    queue,
    views,
    ways,
)
from api.console.desk import Desk
from risk.history.store import History

PAGES = (
    login,
    frame,
    queue,
    views,
    case,
    grounds,
    acts,
    dossier,
    decisions,
    overview,
    people,
    pushes,
)


def mount(app: FastAPI, history: History) -> None:
    """Add the console to the service; it works over the service's own store."""
    app.state.console = Desk.open(history)
    app.state.console_overview = overview.Kept()
    app.state.console_ways = ways.Computed()
    for page in PAGES:
        app.include_router(page.router)
    app.include_router(frame.nowhere)
