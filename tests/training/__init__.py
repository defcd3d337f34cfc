"""Importing, learning, judging and monitoring."""
