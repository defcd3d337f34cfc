"""Papers about a case: for the platform's ruling, and for the customer."""
