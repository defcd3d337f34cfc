"""Contributions → reasons: what raises the risk and what lowers it, in English and Chinese."""

from risk.explain.reasons import ReasonBuilder, reasons
from risk.explain.sentences import sentence

__all__ = ["ReasonBuilder", "reasons", "sentence"]
