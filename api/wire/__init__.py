"""What goes over the wire, as OpenAPI writes it down; facts are derived from `risk.facts`."""
