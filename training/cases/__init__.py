"""Cases in bulk: the training set, its labels, and scoring a folder."""
