"""What we push to others: found in the logs, stored, sent, and tried again."""
