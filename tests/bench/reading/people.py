"""Readers of the console, who log in as people do."""

from __future__ import annotations

import re
from html import unescape

import httpx

from risk.access.people import ZONE, add_person, all_people
from risk.history.store import History

PASSWORD = "a password for measurements"
READER = "reader"
_GUARD = re.compile(r'name="csrf_token" value="([^"]+)"')
_ZONES = "Asia/Tokyo Asia/Seoul Asia/Kolkata Asia/Dubai Europe/Paris Europe/London America/Lima"


def zones() -> list[str]:
    """Time zones of readers who each see an overview made for them alone."""
    return _ZONES.split()


def name_in(zone: str) -> str:
    """The reader of a zone."""
    return zone.replace("/", "-").lower()


def let_in(history: History) -> None:
    """Add one reader for all pages, and one in each zone, unless they are there already."""
    with history.read() as connection:
        there = {person.name for person in all_people(connection)}
    for name, zone in {READER: ZONE, **{name_in(zone): zone for zone in zones()}}.items():
        if name not in there:
            add_person(history, name, PASSWORD, zone=zone)


def log_in(url: str, name: str) -> httpx.Client:
    """A client with a session."""
    http = httpx.Client(base_url=url, timeout=120)
    found = _GUARD.search(http.get("/console/login").text)
    form = {"name": name, "password": PASSWORD, "csrf_token": unescape(found[1]) if found else ""}
    if http.post("/console/login", data=form).status_code != 303:
        raise SystemExit(f"{name} cannot log in")
    return http
