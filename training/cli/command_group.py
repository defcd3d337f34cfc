"""Groups of commands whose every wrong use is one line and exit status 1."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from training.cli.shell import err


class CommandGroup(TyperGroup):
    """Commands of which a wrong option, argument or name is printed as one line, with status 1.

    Without a command the group prints its help.
    """

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run a command and exit with its status."""
        try:
            sys.exit(super().main(args, *rest, **{**extra, "standalone_mode": False}))
        except typer.Abort:
            _fail("not confirmed")
        except typer.TyperException as error:
            _fail(" ".join(error.format_message().split()))

    def get_params(self, ctx: Any) -> list[Any]:
        """Its options, flags without the word that they take true or false."""
        return [_quiet(option) for option in super().get_params(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command by its name, its flags written as `get_params` does."""
        command = super().get_command(ctx, cmd_name)
        for option in command.get_params(ctx) if command else ():
            _quiet(option)
        return command

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments that are left for the command. Raises TyperException for wrong ones."""
        return super().parse_args(ctx, args or ["--help"])


def _quiet(option: Any) -> Any:
    """A flag takes no value, so its help names none."""
    if getattr(option, "is_flag", False) and option.metavar is None:
        option.metavar = ""
    return option


def _fail(what: str) -> NoReturn:
    err.print(f"error: {what}", style="red", markup=False)
    sys.exit(1)
