"""Bodies and answers as pydantic models: parser, JSON Schema and documentation at once."""
