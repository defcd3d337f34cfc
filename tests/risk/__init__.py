"""The domain, on SQLite and DuckDB."""
