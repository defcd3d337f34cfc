"""Accounts and the access log, for administrators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from fastapi.responses import Response

from api.console.csv_answer import MOST, csv_answer
from api.console.page_route import error_messages, page_router
from api.console.session import Administrator, PageContext, VerifiedForm, redirect
from api.console.templating import url
from risk.access import second_factor
from risk.access.access_log import read_access_log
from risk.access.people import (
    ROLES,
    ZONE,
    Role,
    add_person,
    all_people,
    change_password,
    change_role,
    change_team,
    deactivate,
)
from risk.errors import BadInput, Conflict, Forbidden
from risk.facts.format import iso

router = page_router()


@router.get("/people")
def show(context: Administrator) -> Response:
    return _page(context)


def _page(context: PageContext, status: int = 200, **extra: object) -> Response:
    with context.resources.history.read() as connection:
        found, factors = all_people(connection), second_factor.names_in_force(connection)
    extra = {"errors": [], "draft": {}, "factors": factors, **extra}
    return context.page("people.html", status, people=found, roles=ROLES, zone=ZONE, **extra)


@router.post("/people/add")
def add(context: Administrator, form: VerifiedForm) -> Response:
    def change() -> None:
        add_person(
            context.resources.history,
            form.get("name", ""),
            form.get("password", ""),
            display_name=form.get("shown", ""),
            role=cast(Role, form.get("role", "reviewer")),  # which is checked there
            zone=form.get("zone", "") or ZONE,
        )

    return _saved(context, form, change)


@router.post("/people/password")
def password(context: Administrator, form: VerifiedForm) -> Response:
    def change() -> None:
        change_password(context.resources.history, form.get("name", ""), form.get("password", ""))

    return _saved(context, form, change)


@router.post("/people/role")
def role(context: Administrator, form: VerifiedForm) -> Response:
    """Make somebody a reviewer or an administrator; nobody themselves."""
    name, wanted = form.get("name", ""), form.get("role", "")
    if name == context.person.name:
        raise Forbidden("nobody can change their own role")

    def change() -> None:
        change_role(context.resources.history, name, cast("Role", wanted))

    return _saved(context, form, change)


@router.post("/people/team")
def team(context: Administrator, form: VerifiedForm) -> Response:
    """Put somebody into a team, or into none."""
    return _saved(
        context,
        form,
        lambda: change_team(context.resources.history, form.get("name", ""), form.get("team", "")),
    )


@router.post("/people/deactivate")
def deactivate_person(context: Administrator, form: VerifiedForm) -> Response:
    if form.get("name") == context.person.name:
        raise Forbidden("nobody can deactivate themselves")
    return _saved(
        context, form, lambda: deactivate(context.resources.history, form.get("name", ""))
    )


@router.post("/people/factor")
def remove_factor(context: Administrator, form: VerifiedForm) -> Response:
    """Remove the second factor of somebody who lost it; one's own stays."""
    if form.get("name") == context.person.name:
        raise Forbidden("nobody can remove their own second factor")
    return _saved(
        context, form, lambda: second_factor.remove(context.resources.history, form.get("name", ""))
    )


def _saved(context: PageContext, form: Mapping[str, str], change: Callable[[], None]) -> Response:
    try:
        change()
    except (BadInput, Conflict) as error:
        draft = {name: form.get(name, "") for name in ("name", "shown", "role", "zone")}
        return _page(context, 422, errors=error_messages(context, error), draft=draft)
    return redirect(url("people", done="saved"))


@router.get("/log")
def log(
    context: Administrator,
    id: str = "",  # noqa: A002
    before: str = "",
    format: str = "",  # noqa: A002
) -> Response:
    if format == "csv":
        with context.resources.history.read() as connection:
            entries = read_access_log(connection, id or None, most=MOST)
        rows = ((iso(one["at"]), one["who"], one["refund_id"], one["page"]) for one in entries)
        return csv_answer("access_log", ("at", "who", "refund_id", "page"), rows)
    number = int(before) if before.isdecimal() and len(before) < 16 else None
    with context.resources.history.read() as connection:
        found = read_access_log(connection, id or None, number)
        names = {person.name: person.display_name for person in all_people(connection)}
    return context.page("access_log.html", entries=found, names=names, id=id)
