"""Decides every refund request: approve it, request evidence, or involve a person."""
