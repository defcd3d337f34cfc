"""What calls depend on: the caller's key and scope, the body, the Idempotency-Key."""
