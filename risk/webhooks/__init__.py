"""What other systems push to us, and what we push to them."""
