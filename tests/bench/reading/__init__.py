"""What the measurement of the console's pages stands on: cases to read, and readers."""
