"""The store: facts only added, and the rows of features read as of a moment."""
