"""Who may call and who may log in: keys, people, sessions, idempotency keys, ownership."""
