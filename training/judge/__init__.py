"""Evaluation of models: metrics, baselines, the gate, comparison, review, plots, model card."""
