"""The served model: tree ensembles and calibration of every lane in one bundle."""

from risk.model.bundle import EXPECTED, FILE, OF_GROUP, PROVEN, Bundle, Lane, Scored
from risk.model.calibration import Calibration, linear_calibration
from risk.model.contributions import VERSION as CONTRIBUTIONS_VERSION
from risk.model.trees import Trees

__all__ = [
    "CONTRIBUTIONS_VERSION",
    "EXPECTED",
    "FILE",
    "OF_GROUP",
    "PROVEN",
    "Bundle",
    "Calibration",
    "Lane",
    "Scored",
    "Trees",
    "linear_calibration",
]
