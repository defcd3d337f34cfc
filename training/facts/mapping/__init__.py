"""Mappings: which files and columns of an export hold which facts."""
