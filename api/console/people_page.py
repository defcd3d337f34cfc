"""Administrators: who may log in, and who looked at what."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi.responses import Response

from api.console.page_route import lines, pages
from api.console.session import Admin, Sent, Visit, go
from api.console.templating import url
from risk.access.access_log import read_access_log
from risk.access.people import ROLES, ZONE, add_person, all_people, change_password, deactivate
from risk.errors import BadInput, Conflict, Forbidden

router = pages()


@router.get("/people")
def show(visit: Admin) -> Response:
    return _page(visit)


def _page(visit: Visit, status: int = 200, **said: object) -> Response:
    with visit.desk.history.read() as connection:
        found = all_people(connection)
    given = {"wrong": [], "held": {}, **said}
    return visit.page("people.html", status, people=found, roles=ROLES, zone=ZONE, **given)


@router.post("/people/add")
def add(visit: Admin, sent: Sent) -> Response:
    def adding() -> None:
        add_person(
            visit.desk.history,
            sent.get("name", ""),
            sent.get("password", ""),
            display_name=sent.get("shown", ""),
            role=sent.get("role", "reviewer"),  # type: ignore[arg-type]
            zone=sent.get("zone", "") or ZONE,
        )

    return _done(visit, sent, adding)


@router.post("/people/password")
def password(visit: Admin, sent: Sent) -> Response:
    def changing() -> None:
        change_password(visit.desk.history, sent.get("name", ""), sent.get("password", ""))

    return _done(visit, sent, changing)


@router.post("/people/dismiss")
def let_go(visit: Admin, sent: Sent) -> Response:
    if sent.get("name") == visit.person.name:
        raise Forbidden("nobody can dismiss themselves")
    return _done(visit, sent, lambda: deactivate(visit.desk.history, sent.get("name", "")))


def _done(visit: Visit, sent: Mapping[str, str], doing: Callable[[], None]) -> Response:
    try:
        doing()
    except (BadInput, Conflict) as error:
        kept = {name: sent.get(name, "") for name in ("name", "shown", "role", "zone")}
        return _page(visit, 422, wrong=lines(visit, error), held=kept)
    return go(url("people", done="saved"))


@router.get("/log")
def log(visit: Admin, id: str = "", before: str = "") -> Response:  # noqa: A002
    number = int(before) if before.isdecimal() and len(before) < 16 else None
    with visit.desk.history.read() as connection:
        found = read_access_log(connection, id or None, number)
        names = {person.name: person.display_name for person in all_people(connection)}
    return visit.page("log.html", looks=found, names=names, id=id)
