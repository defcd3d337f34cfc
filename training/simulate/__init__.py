"""Simulation of a marketplace with known ground truth, written as contract files."""

from training.simulate.parameters import WorldSettings
from training.simulate.schemes import SCHEME_NAMES
from training.simulate.world import WorldSummary, simulate

__all__ = ["SCHEME_NAMES", "WorldSettings", "WorldSummary", "simulate"]
