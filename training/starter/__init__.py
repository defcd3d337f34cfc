"""The starter: a model fitted on many made worlds, for a shop without findings of its own."""
