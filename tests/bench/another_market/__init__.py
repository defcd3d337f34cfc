"""A made marketplace of another author's making, written as fact files and their truth.

Its author knew the fact files and the trade, not the simulator in `training/simulate`. Every rate,
weight and strength is assumed, unless a docstring says otherwise; none is measured.
"""
