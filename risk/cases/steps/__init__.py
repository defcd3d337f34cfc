"""What to do next with a case, and the words for it."""
