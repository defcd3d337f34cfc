"""Rows derived from facts, made anew with the writes that touch them."""
