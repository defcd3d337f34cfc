"""Decides every refund asked for: approve it, ask for evidence, or call a person."""
