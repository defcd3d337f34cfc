"""The reviewers' console under `/console`: server-rendered HTML pages over `risk.cases`."""

from __future__ import annotations

from fastapi import FastAPI

from api.console import (
    account_page,
    approvals_page,
    case_actions,
    case_page,
    decisions_page,
    deliveries_page,
    dossier_page,
    evidence_file_page,
    inbox_page,
    login_page,
    natural_addresses,
    overview_page,
    pending_page,
    people_page,
    picked_cases,
    queue_page,
    reason_facts_page,
    records_page,
    saved_filters_page,
    search_page,
    sign_on_page,
    static_files,
    thing_page,
    what_if_panel,
)
from api.console.templating import ConsoleResources
from risk.history.store import History
from risk.settings import Settings

PAGES = (
    login_page,
    sign_on_page,
    account_page,
    static_files,
    queue_page,
    approvals_page,
    picked_cases,
    search_page,
    saved_filters_page,
    case_page,
    pending_page,
    reason_facts_page,
    evidence_file_page,
    case_actions,
    dossier_page,
    decisions_page,
    records_page,
    thing_page,
    overview_page,
    people_page,
    deliveries_page,
    inbox_page,
    natural_addresses,  # the last: it takes every other address
)


def mount(app: FastAPI, history: History, settings: Settings) -> None:
    """Add the console's pages to the service."""
    app.state.console = ConsoleResources.open(history, settings)
    app.state.console_overview = overview_page.OverviewCache()
    app.state.console_what_if = what_if_panel.WhatIfCache()
    for page in PAGES:
        app.include_router(page.router)
