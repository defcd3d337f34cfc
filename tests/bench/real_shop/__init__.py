"""Real purchases as contract facts, and how well their cancellations are foretold."""
