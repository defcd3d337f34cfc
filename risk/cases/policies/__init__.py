"""What a stored policy says about the work of its people."""
