"""Connections to the store: engines, transactions, the driver, the file, the clock."""
