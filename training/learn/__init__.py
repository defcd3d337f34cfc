"""Learning: splits, search, boosting, calibration, selection weights, and the promise."""
