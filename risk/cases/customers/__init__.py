"""What is known of one customer, and of the things they share."""
