"""Contributions → reasons: what raises the risk and what lowers it, in English and Chinese."""

from risk.explain.reasons import ReasonBuilder
from risk.explain.remainders import is_remainder
from risk.explain.sentences import sentence

__all__ = ["ReasonBuilder", "is_remainder", "sentence"]
