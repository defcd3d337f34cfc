"""The model as it is served: trees, calibration, the features they need."""

from risk.model.bundle import FILE, Bundle, Lane, Scored
from risk.model.calibration import Calibration, straight
from risk.model.contributions import VERSION as CONTRIBUTIONS_VERSION
from risk.model.trees import Trees

__all__ = [
    "CONTRIBUTIONS_VERSION",
    "FILE",
    "Bundle",
    "Calibration",
    "Lane",
    "Scored",
    "Trees",
    "straight",
]
