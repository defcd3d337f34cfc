"""Decisions and writes that commit together or beside each other."""
