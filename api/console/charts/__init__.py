"""Where things stand in the drawings; the templates draw them as SVG."""
