"""The whole API called at random: what its page allows and what it does not."""
