"""Features as of a moment: one catalogue, compiled to SQL, finished by one shared function."""
