"""Clients that are generated from the service's own document, and used."""
