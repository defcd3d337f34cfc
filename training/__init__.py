"""The analysts' side: worlds, imports, datasets, learning, promotion and its checks."""
