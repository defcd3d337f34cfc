"""The record of a case: facts, claims, timeline, corrections."""
