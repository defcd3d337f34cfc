"""The decision under load: a world to decide in, a load, the service and its peers, a table."""
