"""Access: API keys, accounts, sessions, access log, saved filters, idempotency, ownership."""
