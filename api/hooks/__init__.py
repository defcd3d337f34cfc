"""What other systems push to us: one file a system, one table each that says what words mean."""
