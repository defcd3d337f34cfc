"""The calls of the contract, one file an area."""
