"""A made marketplace whose truth is known, written as contract files."""

from training.simulate.parameters import Settings
from training.simulate.schemes import SCHEME_NAMES
from training.simulate.world import Summary, simulate

__all__ = ["SCHEME_NAMES", "Settings", "Summary", "simulate"]
