"""Judging a model: metrics, baselines, the gate, comparison, review, plots and card."""
