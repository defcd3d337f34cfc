"""The service: the calls of the contract over HTTP, and the reviewers' pages."""
