"""Files of evidence: what is read of them, where they are kept, and what they are near to."""
