"""Cases sent through the API as facts, and what a person of the trade expects of the answers."""
