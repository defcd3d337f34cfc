"""Decides, for every refund asked for, whether to approve it, ask for evidence, or call a person."""
