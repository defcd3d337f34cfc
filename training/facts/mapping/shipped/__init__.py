"""The mappings that come with the product, one TOML file an export."""
