"""The demo: a made marketplace in service, and a day that is played into it."""

from training.demo.cast import Cast, cast
from training.demo.marketplace import NOTE, Demo, known_accounts, prepare
from training.demo.play import Played, ServiceAddress, play
from training.demo.script import Call, script

__all__ = [
    "NOTE",
    "Call",
    "Cast",
    "Demo",
    "Played",
    "ServiceAddress",
    "cast",
    "known_accounts",
    "play",
    "prepare",
    "script",
]
