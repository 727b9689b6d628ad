"""The map of connections in each format, one module per format: `render(maps) -> str`."""
