"""What needs PostgreSQL, Spark or a package index."""
