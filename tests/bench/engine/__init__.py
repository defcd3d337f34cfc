"""The feature engine measured: many cases at once, one case among crowds, the same by pandas."""
