"""What a case reads: its point look-ups and its ring, and which facts were counted."""
