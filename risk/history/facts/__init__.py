"""Facts as they are stored: written, revised, taken back, moved, exported."""
