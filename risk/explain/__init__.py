"""Contributions → reasons: what raises the risk and what speaks for the customer, in sentences."""

from risk.explain.reasons import Teller, reasons
from risk.explain.sentences import sentence

__all__ = ["Teller", "reasons", "sentence"]
