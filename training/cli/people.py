"""Commands for accounts of the console: add, list, role, team, password, disable."""

from __future__ import annotations

import sys
from typing import Annotated, cast

import typer

from risk.errors import BadInput, Problem
from training.cli.command_group import CommandGroup
from training.cli.shell import one_line_errors, out, print_table, store

people = typer.Typer(help="Who may log in to the console.", cls=CommandGroup)
ROLES = "reviewer or administrator"
Name = Annotated[str, typer.Argument(help="The login name.")]
Password = Annotated[
    str,
    typer.Option(
        help="Asked for at a terminal if not given; else the first line that is piped in."
    ),
]


@people.command("add")
@one_line_errors
def add(
    name: Name,
    password: Password = "",
    role: Annotated[str, typer.Option(help=f"{ROLES}.")] = "reviewer",
) -> None:
    """Add a reviewer or administrator."""
    from risk.access import people as accounts

    wanted = password or asked_for()
    with store(new=True) as history:
        accounts.add_person(history, name, wanted, role=cast("accounts.Role", role))
    out.print(f"{name} may log in as {role}", markup=False)


@people.command("list")
@one_line_errors
def list_people() -> None:
    """Every account, with its role, team, time zone and second factor."""
    from risk.access import second_factor
    from risk.access.people import all_people

    with store() as history, history.read() as connection:
        proven = second_factor.names_in_force(connection)
        rows = [
            (
                one.name,
                one.display_name,
                one.role,
                one.team,
                "disabled" if one.deactivated else "active",
                "yes" if one.name in proven else "no",
                one.zone,
            )
            for one in all_people(connection)
        ]
    print_table(("login", "name", "role", "team", "state", "second factor", "time zone"), rows)


@people.command("role")
@one_line_errors
def role(name: Name, role: Annotated[str, typer.Argument(help=f"{ROLES}.")]) -> None:
    """Make somebody a reviewer or an administrator; their sessions end."""
    from risk.access import people as accounts

    with store() as history:
        accounts.change_role(history, name, cast("accounts.Role", role))
    out.print(f"{name} is {role} from the next login", markup=False)


@people.command("team")
@one_line_errors
def team(
    name: Name, team: Annotated[str, typer.Argument(help='The team; "" takes them out of it.')]
) -> None:
    """Put somebody into a team, which cases can be handed over to."""
    from risk.access import people as accounts

    with store() as history:
        accounts.change_team(history, name, team)
    out.print(f"{name} is in {team.strip() or 'no team'}", markup=False)


@people.command("password")
@one_line_errors
def password(name: Name, password: Password = "") -> None:
    """Set a new password, and let a disabled account in again; its sessions end."""
    from risk.access import people as accounts

    with store() as history:
        accounts.check_known(history, name)
        accounts.change_password(history, name, password or asked_for())
    out.print(f"{name} logs in with the new password", markup=False)


@people.command("disable")
@one_line_errors
def disable(name: Name) -> None:
    """Let somebody in no more; what they did stays. `password` lets them in again."""
    from risk.access import people as accounts

    with store() as history:
        accounts.deactivate(history, name)
    out.print(f"{name} can no longer log in", markup=False)


@people.command("remove-second-factor")
@one_line_errors
def remove_second_factor(name: Name) -> None:
    """Let somebody who lost their second factor log in by password alone, to set up another."""
    from risk.access import second_factor

    with store() as history:
        second_factor.remove(history, name)
    out.print(f"{name} logs in by password alone", markup=False)


def asked_for() -> str:
    """A password: asked for twice at a terminal, else the first line of what is piped in.

    Raises BadInput where nothing is.
    """
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        expected = "--password, a password piped in, or a terminal to ask at"
        raise BadInput([Problem("people", None, "password", expected, "none of them")])
    return given
