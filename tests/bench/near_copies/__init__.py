"""Near copies: pictures, a store full of fingerprints, and what they are measured against."""
