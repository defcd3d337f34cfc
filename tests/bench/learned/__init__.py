"""Made worlds to learn in as life would, and their truth to judge by."""
