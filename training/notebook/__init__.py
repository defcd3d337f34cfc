"""What the notebooks import: where the data is, tables and plots of a store, answers in words."""
